import HTTPTypes
import Hummingbird

/// Announces the end of a connection that the request asked to close, so that no client sends
/// another request into it.
struct ClosingMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if request.headers[.connection] == "close" {
            response.headers[.connection] = "close"
        }
        return response
    }
}
