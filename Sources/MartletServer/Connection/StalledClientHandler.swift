import NIOCore

/// Cuts a client that takes nothing of what is sent to it, and does so soon while the server shuts
/// down.
final class StalledClientHandler: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    private var timeout: TimeAmount
    private let lingerTimeout: TimeAmount
    private var timer: Scheduled<Void>?
    private var unsentByteCount = 0

    /// - Parameters:
    ///   - timeout: How long a client may take nothing.
    ///   - lingerTimeout: The same from the moment on when the server wants to close.
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

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        watch(context: context)
        context.fireChannelWritabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            timeout = lingerTimeout
            watch(context: context)
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func watch(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        guard !context.channel.isWritable else { return }
        unsentByteCount = byteCount(context)
        timer = context.eventLoop.assumeIsolated().scheduleTask(in: timeout) {
            // A client that is slow and goes on is none that has stopped.
            guard self.byteCount(context) >= self.unsentByteCount else {
                return self.watch(context: context)
            }
            context.close(promise: nil)
        }
    }

    private func byteCount(_ context: ChannelHandlerContext) -> Int {
        (try? context.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
    }
}
