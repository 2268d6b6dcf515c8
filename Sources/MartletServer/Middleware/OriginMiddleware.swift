import HTTPTypes
import Hummingbird
import NIOCore

/// Cross-origin resource sharing.
///
/// - Source: The Fetch standard; the responses are those of starlette's `CORSMiddleware`.
struct OriginMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let policy: OriginPolicy

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let origin = request.headers[.origin]
        if request.method == .options, let origin,
            let method = request.headers[.accessControlRequestMethod]
        {
            return preflight(request, origin: origin, method: method)
        }
        var response = try await next(request, context)
        if let origin {
            for field in policy.headers(for: origin) { response.headers[field.name] = field.value }
        }
        response.headers[.vary] = "Origin"
        return response
    }

    private func preflight(_ request: Request, origin: String, method: String) -> Response {
        let requested = request.headers[.accessControlRequestHeaders]
        let fields = policy.preflightHeaders(origin: origin, method: method, headers: requested)
        let text = fields == nil ? "Disallowed CORS origin" : "OK"
        var response = Response(
            status: fields == nil ? .badRequest : .ok, headers: fields ?? [:],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
        response.headers[.contentType] = "text/plain; charset=utf-8"
        response.headers[.vary] =
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
        return response
    }
}
