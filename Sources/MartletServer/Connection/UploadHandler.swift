import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Bounds the time that the body of a request may take, and ends connections so that the client
/// gets the answer: it stops reading what follows a large body that is refused, yet leaves the
/// client time to take what has been sent.
final class UploadHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let timeout: TimeAmount
    private let lingerTimeout: TimeAmount
    private var upload = Upload()
    private var timer: Scheduled<Void>?
    /// Whether the response that is being written is the last one.
    private var isLast = false
    /// Responses whose end is on its way to the client.
    private var unflushedCount = 0
    private var isLingering = false
    private var closesWhenFlushed = false
    private var hasTimedOut = false

    init(timeout: TimeAmount, lingerTimeout: TimeAmount) {
        self.timeout = timeout
        self.lingerTimeout = lingerTimeout
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    // MARK: Inbound

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isLingering else { return }
        upload.receive(unwrapInboundIn(data))
        if !upload.isOpen {
            timer?.cancel()
            timer = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Most bodies arrive with their head and need no timer.
        if upload.isOpen, timer == nil, !isLingering {
            timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
                guard self.upload.isOpen, !self.isLingering else { return }
                self.hasTimedOut = true
                context.fireErrorCaught(UploadTimeout())
            }
        }
        context.fireChannelReadComplete()
        // Nobody else asks for what is thrown away.
        if isLingering { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isLingering, case ChannelEvent.inputClosed = event { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: Outbound

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            let isError = head.status.kind == .clientError || head.status.kind == .serverError
            if isError && upload.isLarge || hasTimedOut { head.headerFields[.connection] = "close" }
            isLast = head.headerFields[.connection] == "close"
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            let promise = promise ?? context.eventLoop.makePromise()
            let isLast = isLast
            unflushedCount += 1
            promise.futureResult.assumeIsolated().whenComplete { _ in
                self.unflushedCount -= 1
                if isLast || self.closesWhenFlushed && self.unflushedCount == 0 {
                    self.linger(context: context)
                }
            }
            context.write(data, promise: promise)
        }
    }

    func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
        guard mode == .all, unflushedCount > 0, !isLingering else {
            return context.close(mode: mode, promise: promise)
        }
        // Closing now would take away from the client what it has not read yet.
        closesWhenFlushed = true
        _ = context.eventLoop.assumeIsolated().scheduleTask(in: lingerTimeout) {
            context.close(promise: nil)
        }
        context.channel.closeFuture.cascade(to: promise)
    }

    /// Ends the answers, and the connection once the client has seen that or takes too long.
    private func linger(context: ChannelHandlerContext) {
        guard !isLingering else { return }
        isLingering = true
        timer?.cancel()
        context.close(mode: .output, promise: nil)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: lingerTimeout) {
            context.close(promise: nil)
        }
        context.read()
    }
}
