import MartletJSON
import NIOCore
import NIOWebSocket
import Synchronization

/// One WebSocket connection and the generations that it multiplexes.
final class WebSocketSession: Sendable {
    typealias Inbound = NIOAsyncChannelInboundStream<WebSocketFrame>
    typealias Outbound = NIOAsyncChannelOutboundWriter<WebSocketFrame>

    let endpoint: WebSocketEndpoint
    let channel: any Channel
    let outbound: Outbound
    let state: Mutex<WebSocketState>

    /// How long a client may take to answer a close frame.
    private static let closeTimeout = TimeAmount.seconds(2)

    init(
        endpoint: WebSocketEndpoint, channel: any Channel, outbound: Outbound,
        visitor: WebSocketState.Visitor
    ) {
        self.endpoint = endpoint
        self.channel = channel
        self.outbound = outbound
        state = Mutex(
            WebSocketState(
                visitor: visitor, limit: endpoint.configuration.maximumWebSocketRequestCount))
    }

    // MARK: Life

    /// Serves the connection until the client leaves, breaks the protocol or stops reading, or
    /// the server shuts down.
    ///
    /// What only waits does so in timers and callbacks: a connection without open requests has no
    /// tasks of its own beside the one that receives.
    func run(_ inbound: Inbound) async {
        let observer = endpoint.status.onDraining { self.drain() }
        defer { endpoint.status.removeObserver(observer) }
        let interval = TimeAmount(endpoint.configuration.webSocketPingInterval)
        let pings = channel.eventLoop.scheduleRepeatedTask(
            initialDelay: interval, delay: interval
        ) { _ in self.ping() }
        defer { pings.cancel() }
        let authentication = awaitAuthentication()
        defer { authentication?.cancel() }
        if let reason = endpoint.refusal { close(.tryAgainLater, reason) }
        await withDiscardingTaskGroup { group in
            await receive(inbound) { request in
                group.addTask { await self.generate(request) }
            }
            for run in state.withLock({ $0.end() }) { run.disconnect() }
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
                case .close(let code): return answerClose(code)
                case .violation(let code, let reason): close(code, reason)
                }
            }
        } catch let error as NIOWebSocketError {
            switch error {
            case .invalidFrameLength: close(.messageTooLarge, "the frame is too long")
            default: close(.protocolError, "malformed control frame")
            }
            await linger()
        } catch {
            // The connection broke; there is nobody to tell.
        }
    }

    /// Asks for a sign of life, and cuts a client that has given none since the last time, or does
    /// not even take what it is sent.
    private func ping() {
        guard state.withLock({ $0.beginPing() }) else { return channel.close(promise: nil) }
        let frame = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
        channel.writeAndFlush(frame).whenSuccess { self.state.withLock { $0.endPing() } }
    }

    private func awaitAuthentication() -> Scheduled<Void>? {
        guard !state.withLock({ $0.isAuthorized }) else { return nil }
        let timeout = TimeAmount(endpoint.configuration.webSocketAuthenticationTimeout)
        return channel.eventLoop.scheduleTask(in: timeout) {
            guard !self.state.withLock({ $0.isAuthorized }) else { return }
            self.close(.policyViolation, "no key was sent")
        }
    }

    /// Begins to shut down: closes now, or once the open generations are done.
    private func drain() {
        if state.withLock({ $0.drain() }) { close(.goingAway, "the server shuts down") }
    }

    // MARK: Sending

    /// Sends frames, waiting while the client is behind. A broken connection ends the receiving
    /// side as well, so failures need no handling here but to stop.
    func send(_ frame: WebSocketFrame) async {
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

    /// Begins the closing handshake. What was sent before goes out before.
    func close(_ code: WebSocketErrorCode, _ reason: String) {
        guard state.withLock({ $0.beginClosing() }) else { return }
        let channel = channel
        channel.eventLoop.scheduleTask(in: Self.closeTimeout) { channel.close(promise: nil) }
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        data.writeString(reason)
        sendClose(data)
    }

    private func answerClose(_ code: WebSocketErrorCode?) {
        guard state.withLock({ $0.beginClosing() }) else { return }
        var data = ByteBuffer()
        if let code { data.write(webSocketErrorCode: code) }
        sendClose(data)
    }

    private func sendClose(_ data: ByteBuffer) {
        channel.writeAndFlush(
            WebSocketFrame(fin: true, opcode: .connectionClose, data: data), promise: nil)
    }

    /// Leaves a client time to read the close frame: closing with data unread would reset the
    /// connection under it.
    private func linger() async {
        outbound.finish()
        try? await channel.closeFuture.get()
    }
}

extension WebSocketErrorCode {
    /// 1013, which has no name in NIO.
    static var tryAgainLater: WebSocketErrorCode { .unknown(1013) }
}
