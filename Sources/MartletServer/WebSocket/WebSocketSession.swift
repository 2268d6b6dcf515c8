import MartletJSON
import NIOCore
import NIOWebSocket
import Synchronization

/// One WebSocket connection and the generations that it multiplexes.
final class WebSocketSession: Sendable {
    typealias Inbound = NIOAsyncChannelInboundStream<WebSocketFrame>
    typealias Outbound = NIOAsyncChannelOutboundWriter<WebSocketFrame>

    let endpoint: WebSocketEndpoint
    private let channel: any Channel
    private let outbound: Outbound
    private let state: Mutex<WebSocketState>

    /// How long a client may take to answer a close frame.
    private static let closeTimeout = TimeAmount.seconds(2)

    init(
        endpoint: WebSocketEndpoint, channel: any Channel, outbound: Outbound, isAuthorized: Bool
    ) {
        self.endpoint = endpoint
        self.channel = channel
        self.outbound = outbound
        state = Mutex(
            WebSocketState(
                isAuthorized: isAuthorized,
                limit: endpoint.configuration.maximumWebSocketRequestCount))
    }

    // MARK: Life

    /// Serves the connection until the client leaves, breaks the protocol or stops reading, or
    /// the server shuts down.
    func run(_ inbound: Inbound) async {
        let (drains, drain) = AsyncStream.makeStream(of: Void.self)
        let observer = endpoint.status.onDraining { drain.finish() }
        defer { endpoint.status.removeObserver(observer) }
        let (ticks, tick) = AsyncStream.makeStream(
            of: Void.self, bufferingPolicy: .bufferingNewest(1))
        await withDiscardingTaskGroup { group in
            group.addTask { await self.keepAlive(tick) }
            group.addTask { await self.ping(at: ticks) }
            group.addTask { await self.drain(after: drains) }
            group.addTask { await self.awaitAuthentication() }
            // 1013, "try again later", has no name in NIO.
            if !endpoint.planner.catalog.isReady, !endpoint.status.isDraining {
                await close(.unknown(1013), "the model is still loading")
            }
            await receive(inbound) { request in
                group.addTask { await self.generate(request) }
            }
            for run in state.withLock({ $0.end() }) { run.cancel() }
            group.cancelAll()
        }
    }

    private func receive(_ inbound: Inbound, start: (WebSocketRequest) -> Void) async {
        var assembler = MessageAssembler(
            limit: endpoint.configuration.maximumBodyByteCount)
        do {
            for try await frame in inbound {
                let isClosing = state.withLock { $0.noteFrame() }
                let event = assembler.receive(frame)
                if isClosing {
                    if case .close = event { return }
                    continue
                }
                switch event {
                case .incomplete, .pong: continue
                case .ping(let data):
                    await send(WebSocketFrame(fin: true, opcode: .pong, data: data))
                case .text(let message):
                    if let request = await handle(message) { start(request) }
                case .close(let code): return await answerClose(code)
                case .violation(let code, let reason): await close(code, reason)
                }
            }
        } catch let error as NIOWebSocketError {
            switch error {
            case .invalidFrameLength: await close(.messageTooLarge, "the frame is too long")
            default: await close(.protocolError, "malformed control frame")
            }
            await linger()
        } catch {
            // The connection broke; there is nobody to tell.
        }
    }

    /// Asks for a sign of life at intervals and cuts a client that gives none, or does not read.
    private func keepAlive(_ tick: AsyncStream<Void>.Continuation) async {
        while true {
            do {
                try await Task.sleep(for: endpoint.configuration.webSocketPingInterval)
            } catch {
                return
            }
            guard state.withLock({ $0.beginPing() }) else {
                return channel.close(promise: nil)
            }
            tick.yield()
        }
    }

    /// Sends the pings. A task of its own, since a client that does not read holds it up while
    /// ``keepAlive(_:)`` has to look at the clock.
    private func ping(at ticks: AsyncStream<Void>) async {
        for await _ in ticks {
            await send(WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer()))
            state.withLock { $0.endPing() }
        }
    }

    private func awaitAuthentication() async {
        guard !state.withLock({ $0.isAuthorized }) else { return }
        do {
            try await Task.sleep(for: endpoint.configuration.webSocketAuthenticationTimeout)
        } catch {
            return
        }
        if !state.withLock({ $0.isAuthorized }) { await close(.policyViolation, "no key was sent") }
    }

    /// Waits for the server's shutdown, and closes once the open generations are done.
    private func drain(after begin: AsyncStream<Void>) async {
        for await _ in begin {}
        guard !Task.isCancelled else { return }
        if state.withLock({ $0.drain() }) { await close(.goingAway, "the server shuts down") }
    }

    // MARK: Sending

    /// Sends frames, waiting while the client is behind. A broken connection ends the receiving
    /// side as well, so failures need no handling here but to stop.
    private func send(_ frame: WebSocketFrame) async {
        guard !state.withLock({ $0.isClosing }) else { return }
        try? await outbound.write(frame)
    }

    func send(_ json: [UInt8]) async {
        await send(WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: json)))
    }

    func send(_ frames: FrameBuffer) async throws {
        guard !state.withLock({ $0.isClosing }) else { throw ChannelError.ioOnClosedChannel }
        try await outbound.write(
            contentsOf: frames.messages.map {
                WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(bytes: $0))
            })
    }

    /// Begins the closing handshake.
    func close(_ code: WebSocketErrorCode, _ reason: String) async {
        guard state.withLock({ $0.beginClosing() }) else { return }
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        data.writeString(reason)
        let channel = channel
        channel.eventLoop.scheduleTask(in: Self.closeTimeout) { channel.close(promise: nil) }
        try? await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
    }

    private func answerClose(_ code: WebSocketErrorCode?) async {
        guard state.withLock({ $0.beginClosing() }) else { return }
        var data = ByteBuffer()
        if let code { data.write(webSocketErrorCode: code) }
        try? await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: data))
    }

    /// Leaves a client time to read the close frame: closing with data unread would reset the
    /// connection under it.
    private func linger() async {
        outbound.finish()
        try? await channel.closeFuture.get()
    }

    // MARK: Requests

    /// Understands a message.
    ///
    /// - Returns: A generation to run.
    private func handle(_ message: ByteBuffer) async -> WebSocketRequest? {
        let parsed: WebSocketMessage
        do {
            parsed = try WebSocketMessage(message.readableBytesView)
        } catch {
            guard state.withLock({ $0.isAuthorized }) else {
                await close(.policyViolation, "send a key first")
                return nil
            }
            await send(error.error.body(trailer: WebSocketMessage.trailer(error.id)))
            return nil
        }
        if case .authentication(let key) = parsed {
            if endpoint.accepts(key: key) {
                state.withLock { $0.isAuthorized = true }
            } else {
                await close(.policyViolation, "wrong key")
            }
            return nil
        }
        guard state.withLock({ $0.isAuthorized }) else {
            await close(.policyViolation, "send a key first")
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
        case .request(let request):
            do throws(APIError) {
                try state.withLock { state throws(APIError) in try state.begin(request.id) }
                return request
            } catch {
                await send(error.body(trailer: WebSocketMessage.trailer(request.id)))
                return nil
            }
        }
    }

    /// Runs one generation from its plan to its last frame.
    private func generate(_ request: WebSocketRequest) async {
        let trailer = WebSocketMessage.trailer(request.id)
        do {
            let plan = try await request.plan(with: endpoint.planner)
            let run = try await GenerationRun(
                plan, status: endpoint.status, transport: .messages(trailer: trailer))
            if state.withLock({ $0.attach(run, to: request.id) }) { run.cancel() }
            try await run.forward { frames in try await send(frames) }
        } catch {
            await send(APIError(describing: error).body(trailer: trailer))
        }
        var json = JSONWriter()
        json.raw(#"{"type":"done","id":"#)
        json.value(request.id)
        json.raw("}")
        await send(json.bytes)
        let isLast = state.withLock { $0.end(request.id) }
        if isLast { await close(.goingAway, "the server shuts down") }
    }
}
