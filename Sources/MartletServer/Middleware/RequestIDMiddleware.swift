import HTTPTypes
import Hummingbird

/// Gives every response the request's id, or a fresh one.
struct RequestIDMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers[.requestID] =
            request.headers[.requestID] ?? RandomID.make(digits: 32)
        return response
    }
}
