import HTTPTypes
import Hummingbird
import MartletEngine
import MartletJSON
import NIOCore

/// Every endpoint of the server.
struct ServerRoutes: Sendable {
    typealias Context = BasicRequestContext

    let models: ModelManager
    let configuration: ServerConfiguration
    let status: ServerStatus

    var keys: APIKeys { APIKeys(configuration.apiKeys) }
    var planner: RequestPlanner {
        RequestPlanner(models: models, status: status, configuration: configuration)
    }
    var runner: GenerationRunner { GenerationRunner(status: status) }

    /// The router with its middleware, outermost first.
    func makeRouter() -> Router<Context> {
        let router = Router(context: Context.self)
        let table = RouteTable()
        if configuration.sendsRequestIDs { router.add(middleware: RequestIDMiddleware()) }
        router.add(middleware: OriginMiddleware(policy: OriginPolicy(configuration)))
        router.add(middleware: ClosingMiddleware(status: status))
        router.add(
            middleware: ErrorMiddleware(
                table: table, overloadStatus: configuration.overloadStatus))
        router.add(middleware: AuthenticationMiddleware(keys: keys))
        addHealth(to: router)
        addMetrics(to: router)
        addModels(to: router)
        addTokenization(to: router)
        addGeneration(to: router)
        if configuration.offersOperatorRoutes { addOperation(to: router) }
        table.fill(from: router)
        return router
    }

    /// Reads a JSON body.
    func decode<Value>(
        _ request: Request, _ make: (JSONValue) throws(APIError) -> Value
    ) async throws -> Value {
        try make(
            try await RequestBodyReader(limit: configuration.maximumBodyByteCount)
                .json(of: request))
    }
}

extension HTTPField.Name {
    /// Names a request; see ``RequestIDMiddleware``.
    static let requestID = Self("X-Request-Id")!
    /// The version of WebSocket that a server speaks.
    static let webSocketVersion = Self("Sec-WebSocket-Version")!
    /// Overrides the body's priority.
    static let priorityOverride = Self("X-Vllm-Priority")!
}
