import HTTPTypes
import Hummingbird

/// Announces the end of a connection that the request asked to close, or that the server is about
/// to close since it shuts down, so that no client sends another request into it.
struct ClosingMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let status: ServerStatus

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        if request.headers[.connection]?.lowercased() == "close" || status.isDraining {
            response.headers[.connection] = "close"
        }
        return response
    }
}
