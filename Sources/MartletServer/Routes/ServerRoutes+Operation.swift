import HTTPTypes
import Hummingbird
import MartletEngine
import MartletJSON
import OrderedCollections

/// What operators do with engines while they run.
///
/// The parameter `model` chooses one of the models; without it, all are meant.
///
/// - Source: vLLM 0.32's development routes; their answers are the same.
extension ServerRoutes {
    func addOperation(to router: Router<Context>) {
        router.post("abort_requests") { request, _ in try await abortRequests(request) }
        router.post("pause") { request, _ in
            let mode = try pauseMode(of: request)
            try await forEachEngine(of: request) { engine in try await engine.pause(mode) }
            return Response(json: ["status": "paused"])
        }
        router.post("resume") { request, _ in
            try await forEachEngine(of: request) { engine in try await engine.resume() }
            return Response(json: ["status": "resumed"])
        }
        router.get("is_paused") { request, _ in
            let isPaused = try engines(of: request).allSatisfy {
                $0.state == .paused || $0.state == .sleeping
            }
            return Response(json: ["is_paused": .bool(isPaused)])
        }
        router.post("sleep") { request, _ in try await sleep(request) }
        router.post("wake_up") { request, _ in try await wakeUp(request) }
        router.get("is_sleeping") { request, _ in
            let isSleeping = try engines(of: request).allSatisfy { $0.state == .sleeping }
            return Response(json: ["is_sleeping": .bool(isSleeping)])
        }
        router.post("reset_prefix_cache") { request, _ in
            var isReset = true
            try await forEachEngine(of: request) { engine in
                isReset = try await engine.resetPrefixCache() && isReset
            }
            return Response(json: ["success": .bool(isReset)])
        }
        router.get("server_info") { request, _ in try serverInformation(request) }
    }

    // MARK: Requests

    /// Ends the requests that the body names by the ids of their responses, or all.
    private func abortRequests(_ request: Request) async throws -> Response {
        let engines = try engines(of: request)
        let ids = try await decode(request) { body throws(APIError) -> [String] in
            var reader = try FieldReader(body: body)
            let ids = reader.strings("request_ids")
            try reader.finish()
            return ids ?? []
        }
        let names = ids.flatMap { [$0, "cmpl-" + $0, "chatcmpl-" + $0] }
        var count = 0
        for engine in engines { count += try await engine.abort(requestIDs: Set(names)) }
        return Response(json: ["status": "aborted", "aborted": .integer(count)])
    }

    // MARK: Sleep

    /// Level 0 stops the engine, levels 1 and 2 give the memory of weights and KV cache back.
    private func sleep(_ request: Request) async throws -> Response {
        let mode = try pauseMode(of: request)
        let text = request.uri.queryParameters["level"].map(String.init) ?? "1"
        guard let level = Int(text), (0...2).contains(level) else {
            throw APIError.badRequest(
                "level must be 0, 1 or 2.", param: "level", value: String(text.prefix(64)))
        }
        try await forEachEngine(of: request) { engine in
            if level == 0 { try await engine.pause(mode) } else { try await engine.sleep(mode) }
        }
        return Response(json: ["status": "sleeping", "level": .integer(level)])
    }

    /// Undoes any level of sleep. Weights and KV cache come back together, whichever is named.
    private func wakeUp(_ request: Request) async throws -> Response {
        let tags = request.uri.queryParameters.getAll("tags").map { String($0) }
        if let wrong = tags.first(where: { !["weights", "kv_cache"].contains($0) }) {
            throw APIError.badRequest(
                "tags must be weights or kv_cache.", param: "tags",
                value: String(wrong.prefix(64)))
        }
        try await forEachEngine(of: request) { engine in
            try await engine.wakeUp()
            if engine.state == .paused { try await engine.resume() }
        }
        let names: JSONValue = tags.isEmpty ? .null : .array(tags.map { .string($0) })
        return Response(json: ["status": "awake", "tags": names])
    }

    // MARK: Parameters

    private func pauseMode(of request: Request) throws(APIError) -> PauseMode {
        guard let text = request.uri.queryParameters["mode"] else { return .abort }
        guard let mode = PauseMode(rawValue: String(text)) else {
            throw .badRequest(
                "mode must be abort, wait or keep.", param: "mode",
                value: String(text.prefix(64)))
        }
        return mode
    }

    /// Does something with every engine that a request means, also where one of them fails.
    ///
    /// - Throws: The first failure, at the end.
    private func forEachEngine(
        of request: Request, _ body: (AsyncEngine) async throws -> Void
    ) async throws {
        var failure: (any Error)?
        for engine in try engines(of: request) {
            do {
                try await body(engine)
            } catch {
                failure = failure ?? error
            }
        }
        if let failure { throw failure }
    }

    /// The engines that a request means; one that is not in memory has nothing to operate on.
    private func engines(of request: Request) throws(APIError) -> [AsyncEngine] {
        guard let name = request.uri.queryParameters["model"] else { return models.engines }
        guard let engine = try models.status(named: String(name)).engine else { return [] }
        return [engine]
    }
}

extension Response {
    fileprivate init(json: JSONValue) {
        self.init(json: json.serialized)
    }
}
