import HTTPTypes
import Hummingbird
import MartletEngine
import MartletJSON
import NIOCore

/// Every endpoint of the server.
struct ServerRoutes: Sendable {
    typealias Context = BasicRequestContext

    let catalog: ModelCatalog
    let configuration: ServerConfiguration
    let status: ServerStatus

    var planner: RequestPlanner { RequestPlanner(catalog: catalog, configuration: configuration) }
    var runner: GenerationRunner { GenerationRunner(status: status) }

    /// The router with its middleware, outermost first.
    func makeRouter() -> Router<Context> {
        let router = Router(context: Context.self)
        let table = RouteTable()
        if configuration.sendsRequestIDs { router.add(middleware: RequestIDMiddleware()) }
        router.add(middleware: OriginMiddleware(policy: OriginPolicy(configuration)))
        router.add(middleware: ClosingMiddleware())
        router.add(middleware: ErrorMiddleware(table: table))
        router.add(middleware: AuthenticationMiddleware(keys: APIKeys(configuration.apiKeys)))
        addHealth(to: router)
        addModels(to: router)
        addTokenization(to: router)
        addGeneration(to: router)
        table.fill(from: router)
        return router
    }

    private func addGeneration(to router: Router<Context>) {
        router.post("v1/completions") { request, _ in
            let request = try await decode(request) { body throws(APIError) in
                try CompletionRequest(body: body)
            }
            let plan = try await planner.plan(request.value, envelope: request.envelope)
            return try await runner.respond(to: plan)
        }
        router.post("v1/chat/completions") { request, _ in
            let request = try await decode(request) { body throws(APIError) in
                try ChatCompletionRequest(body: body)
            }
            let plan = try await planner.plan(request.value, envelope: request.envelope)
            return try await runner.respond(to: plan)
        }
        router.post("generate") { request, _ in
            let request = try await decode(request) { body throws(APIError) in
                try DemoGenerateRequest(body: body)
            }
            return try await runner.respond(to: try await planner.plan(request.value))
        }
        // Handshakes never get here: they are taken out of the connection before HTTP.
        router.get("ws/generate") { _, _ -> Response in
            let body = APIError(
                .upgradeRequired, "Bad Request", "This endpoint speaks WebSocket.")
            var response = Response(status: .upgradeRequired, json: body.body)
            response.headers[.upgrade] = "websocket"
            response.headers[.webSocketVersion] = "13"
            return response
        }
    }

    /// Reads the JSON body and the headers that every generating endpoint understands.
    func decode<Value>(
        _ request: Request, _ make: (JSONValue) throws(APIError) -> Value
    ) async throws -> (value: Value, envelope: RequestPlanner.Envelope) {
        let body = try await RequestBodyReader(limit: configuration.maximumBodyByteCount)
            .json(of: request)
        var envelope = RequestPlanner.Envelope()
        if let id = request.headers[.requestID], (1...256).contains(id.utf8.count) {
            envelope.requestID = id
        }
        if let priority = request.headers[.priorityOverride] {
            envelope.priority = Int(priority)
        }
        return (try make(body), envelope)
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
