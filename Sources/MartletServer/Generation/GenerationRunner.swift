import HTTPTypes
import Hummingbird
import MartletEngine
import MartletJSON
import NIOCore

/// Runs plans and answers over HTTP.
struct GenerationRunner: Sendable {
    let status: ServerStatus

    /// Runs a plan.
    ///
    /// - Throws: What keeps the request from being answered at all. Once a stream has begun,
    ///   errors are part of it.
    func respond(to plan: GenerationPlan) async throws -> Response {
        let run = try await GenerationRun(plan, status: status)
        let client = ClientConnection.current
        let registration = client?.onClose { run.disconnect() }
        guard plan.streams else {
            defer { registration?.end() }
            return Response(json: try await run.collect())
        }
        run.whenCut { client?.cut() }
        var headers: HTTPFields = [.cacheControl: "no-cache"]
        headers[.contentType] =
            plan.format.transport == .lines
            ? "application/x-ndjson" : "text/event-stream; charset=utf-8"
        let body = ResponseBody { writer in
            defer { registration?.end() }
            try await run.forward { frames in
                try await writer.write(ByteBuffer(bytes: frames.json.bytes))
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: headers, body: body)
    }
}
