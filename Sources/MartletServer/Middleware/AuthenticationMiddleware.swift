import HTTPTypes
import Hummingbird

/// Lets only clients with a key through to the paths that need one.
struct AuthenticationMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let keys: APIKeys

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard keys.guards(request.uri.path), request.method != .options,
            !keys.accepts(authorization: request.headers[.authorization])
        else { return try await next(request, context) }
        return Response(status: .unauthorized, json: Array(#"{"error":"Unauthorized"}"#.utf8))
    }
}
