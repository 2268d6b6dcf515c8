import MartletJSON
import NIOCore
import NIOWebSocket
import Synchronization

extension WebSocketSession {
    /// Understands a message.
    ///
    /// - Returns: A generation to run.
    func handle(_ message: ByteBuffer) async -> WebSocketRequest? {
        let parsed: WebSocketMessage
        do {
            parsed = try WebSocketMessage(message.readableBytesView)
        } catch {
            guard state.withLock({ $0.isAuthorized }) else {
                close(.policyViolation, "send a key first")
                return nil
            }
            await send(error.error, for: error.id)
            return nil
        }
        if case .authentication(let key) = parsed {
            authorize(with: key)
            return nil
        }
        guard state.withLock({ $0.isAuthorized }) else {
            close(.policyViolation, "send a key first")
            return nil
        }
        switch parsed {
        case .authentication: return nil
        case .ping:
            await send(Array(#"{"type":"pong"}"#.utf8))
            return nil
        case .cancel(let id):
            state.withLock { $0.cancel(id) }?.cancel()
            return nil
        case .request(let request): return await begin(request)
        }
    }

    private func authorize(with key: String) {
        guard endpoint.keys.accepts(key: key) else {
            return close(.policyViolation, "wrong key")
        }
        let name = endpoint.keys.client(key: key)
        state.withLock { $0.authorize(name: name) }
    }

    private func begin(_ request: WebSocketRequest) async -> WebSocketRequest? {
        do throws(APIError) {
            try state.withLock { state throws(APIError) in try state.begin(request.id) }
            return request
        } catch {
            await send(error, for: request.id)
            return nil
        }
    }

    /// Runs one generation from its plan to its last frame.
    func generate(_ request: WebSocketRequest) async {
        var isRefused = false
        do {
            try await run(request)
        } catch {
            let error = APIError(describing: error)
            isRefused = error.isOverload
            await send(error, for: request.id)
        }
        var json = JSONWriter()
        json.raw(#"{"type":"done","id":"#)
        json.value(request.id)
        json.raw("}")
        await send(json.bytes)
        let (isLast, isUseless) = state.withLock { ($0.end(request.id), $0.isUseless) }
        if isLast { close(.goingAway, "the server shuts down") }
        if isRefused, isUseless { close(.tryAgainLater, "the server is at its limits") }
    }

    private func run(_ request: WebSocketRequest) async throws {
        let run: GenerationRun
        let place = try endpoint.planner.reserve()
        do {
            let client = state.withLock { $0.visitor.name }
            let plan = try await request.plan(
                with: endpoint.planner, place: place, client: client)
            run = try await GenerationRun(
                plan, status: endpoint.status,
                transport: .messages(trailer: WebSocketMessage.trailer(request.id)))
        } catch {
            place?.giveBack()
            throw error
        }
        if state.withLock({ $0.attach(run, to: request.id) }) { run.cancel() }
        let channel = channel
        // A task that is stuck in writing can be freed only together with the connection.
        run.whenCut { if !channel.isWritable { channel.close(promise: nil) } }
        try await run.forward { frames in try await send(frames) }
    }

    private func send(_ error: APIError, for id: JSONValue?) async {
        let error = error.overloaded(as: endpoint.configuration.overloadStatus)
        await send(error.body(trailer: WebSocketMessage.trailer(id)))
    }
}
