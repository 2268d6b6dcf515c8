package import HTTPTypes
package import Hummingbird
import MartletEngine
package import MartletJSON
import NIOCore

/// An error as clients see it: a status and OpenAI's error object.
package struct APIError: HTTPResponseError, Hashable {
    /// The status of the response, and `code` in its body.
    package let status: HTTPResponse.Status
    /// The kind of the error: `BadRequestError`.
    package let type: String
    /// A sentence for people.
    package let message: String
    /// The request's field that is wrong, where one is.
    package let param: String?
    /// When to come back, for conditions that pass.
    package let retryAfter: Duration?
    /// Whether the server is at its limits, for which operators choose the status.
    package let isOverload: Bool

    package init(
        _ status: HTTPResponse.Status, _ type: String, _ message: String, param: String? = nil,
        retryAfter: Duration? = nil, isOverload: Bool = false
    ) {
        self.status = status
        self.type = type
        self.message = message
        self.param = param
        self.retryAfter = retryAfter
        self.isOverload = isOverload
    }

    /// When to come back in whole seconds, for conditions that pass.
    package var retrySeconds: Int? {
        guard status == .serviceUnavailable || status == .tooManyRequests else { return nil }
        return max(1, Int((retryAfter ?? .seconds(1)).seconds.rounded(.up)))
    }

    /// The error with the status that the operator has chosen for overload.
    package func overloaded(as status: ServerConfiguration.OverloadStatus) -> APIError {
        guard isOverload, status == .tooManyRequests else { return self }
        return APIError(
            .tooManyRequests, "Too Many Requests", message, param: param, retryAfter: retryAfter,
            isOverload: true)
    }

    /// Appends `{"error":{...}}` without the closing brace of the outer object, so that a caller
    /// may add members.
    ///
    /// - Parameter retries: Whether to tell when to come back: where no header can.
    package func writeOpen(into json: inout JSONWriter, retries: Bool = false) {
        json.raw(#"{"error":{"message":"#)
        json.string(message)
        json.raw(#","type":"#)
        json.string(type)
        json.raw(#","param":"#)
        json.optionalString(param)
        json.raw(#","code":"#)
        json.integer(status.code)
        if retries, let retrySeconds {
            json.raw(#","retry_after":"#)
            json.integer(retrySeconds)
        }
        json.raw("}")
    }

    /// The error object as JSON text.
    package var body: [UInt8] {
        var json = JSONWriter()
        writeOpen(into: &json)
        json.raw("}")
        return json.bytes
    }

    package func response(from request: Request, context: some RequestContext) -> Response {
        var response = Response(status: status, json: body)
        if let retrySeconds { response.headers[.retryAfter] = "\(retrySeconds)" }
        return response
    }
}

extension APIError {
    /// A value or combination that is well-formed and yet cannot be served.
    ///
    /// - Parameter value: The offending value, appended to the message as vLLM does.
    package static func badRequest(
        _ message: String, param: String? = nil, value: String? = nil
    ) -> APIError {
        var text = message
        if let param, !message.hasSuffix(")") || !message.contains("(parameter=") {
            text += value.map { " (parameter=\(param), value=\($0))" } ?? " (parameter=\(param))"
        }
        return APIError(.badRequest, "BadRequestError", text, param: param)
    }

    /// What the wire defines and this server does not do.
    package static func notImplemented(_ message: String, param: String) -> APIError {
        APIError(.notImplemented, "NotImplementedError", message, param: param)
    }

    /// A condition that passes: loading, draining, overload.
    package static func unavailable(
        _ message: String, retryAfter: Duration? = nil
    ) -> APIError {
        APIError(
            .serviceUnavailable, "Service Unavailable", message, retryAfter: retryAfter)
    }

    /// A limit of the server that is reached.
    package static func overloaded(
        _ message: String, retryAfter: Duration? = nil
    ) -> APIError {
        APIError(
            .serviceUnavailable, "Service Unavailable", message, retryAfter: retryAfter,
            isOverload: true)
    }

    package static func unknownModel(_ name: String, aliases: [String]) -> APIError {
        let valid = aliases.joined(separator: ", ")
        return APIError(
            .notFound, "NotFoundError",
            "The model `\(name)` does not exist. Valid aliases: \(valid).", param: "model")
    }

    package static func bodyTooLarge(limit: Int) -> APIError {
        APIError(
            .contentTooLarge, "Content Too Large",
            "The request body is larger than the limit of \(limit) bytes.", param: "body")
    }

    package static let bodyTooSlow = APIError(
        .requestTimeout, "Request Timeout", "The request body did not arrive in time.",
        param: "body")
}
