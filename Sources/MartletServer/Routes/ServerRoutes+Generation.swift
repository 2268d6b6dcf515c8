import HTTPTypes
import Hummingbird
import MartletEngine
import MartletJSON

extension ServerRoutes {
    func addGeneration(to router: Router<Context>) {
        router.post("v1/completions") { request, _ in
            try await generate(request) { body, envelope in
                try await planner.plan(try CompletionRequest(body: body), envelope: envelope)
            }
        }
        router.post("v1/chat/completions") { request, _ in
            try await generate(request) { body, envelope in
                try await planner.plan(try ChatCompletionRequest(body: body), envelope: envelope)
            }
        }
        router.post("generate") { request, _ in
            try await generate(request) { body, envelope in
                try await planner.plan(try DemoGenerateRequest(body: body), envelope: envelope)
            }
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

    /// Takes a place, then reads the request, then runs it there.
    private func generate(
        _ request: Request,
        plan: (JSONValue, RequestEnvelope) async throws -> GenerationPlan
    ) async throws -> Response {
        guard !status.isDraining else {
            throw APIError.unavailable("The server is shutting down.")
        }
        let place = try planner.reserve()
        do {
            var envelope = try envelope(of: request)
            envelope.place = place
            let body = try await decode(request) { body throws(APIError) in body }
            return try await runner.respond(to: try await plan(body, envelope))
        } catch {
            place?.giveBack()
            throw error
        }
    }

    /// The headers that every generating endpoint understands.
    private func envelope(of request: Request) throws(APIError) -> RequestEnvelope {
        var envelope = RequestEnvelope()
        if let id = request.headers[.requestID], (1...256).contains(id.utf8.count) {
            envelope.requestID = id
        }
        if let priority = request.headers[.priorityOverride] {
            envelope.priority = Int(priority)
        }
        envelope.deadlines = try RequestDeadlines(headers: request.headers)
        envelope.client = keys.client(authorization: request.headers[.authorization])
        return envelope
    }
}
