import HTTPTypes
import Hummingbird
import Logging
import MartletJSON
import NIOCore

/// Turns every error into the response that the wire defines for it.
struct ErrorMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    let table: RouteTable
    let overloadStatus: ServerConfiguration.OverloadStatus

    func handle(
        _ request: Request, context: Context,
        next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError where error.status == .notFound {
            return missing(request)
        } catch {
            let answer = APIError(describing: error).overloaded(as: overloadStatus)
            if answer.status == .internalServerError {
                context.logger.error(
                    "request failed",
                    metadata: ["path": "\(request.uri.path)", "error": "\(error)"])
            }
            return answer.response(from: request, context: context)
        }
    }

    private func missing(_ request: Request) -> Response {
        guard let methods = table.methods(of: request.uri.path) else {
            return Response(status: .notFound, json: Array(#"{"detail":"Not Found"}"#.utf8))
        }
        var response = Response(
            status: .methodNotAllowed, json: Array(#"{"detail":"Method Not Allowed"}"#.utf8))
        response.headers[.allow] = methods.map(\.rawValue).sorted().joined(separator: ", ")
        return response
    }
}
