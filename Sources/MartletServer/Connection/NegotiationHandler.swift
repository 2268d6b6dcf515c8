import NIOCore
import NIOHTTP1

/// Looks after a connection until its first request tells what it is: what stays silent, is not
/// HTTP, or is still there when the server shuts down is closed.
final class NegotiationHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let timeout: TimeAmount
    private var timer: Scheduled<Void>?
    private var isNegotiating = true

    init(timeout: TimeAmount) {
        self.timeout = timeout
    }

    /// Ends the watch: others look after the connection from now on.
    func end() {
        isNegotiating = false
        timer?.cancel()
        timer = nil
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: timeout) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        end()
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if isNegotiating, event is ChannelShouldQuiesceEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard isNegotiating, error is HTTPParserError else {
            // Others, such as a refused upgrade, do not keep the request from being served.
            if !isNegotiating { context.fireErrorCaught(error) }
            return
        }
        end()
        var head = HTTPResponseHead(version: .http1_1, status: .badRequest)
        head.headers = ["connection": "close", "content-length": "0"]
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            channel.close(promise: nil)
        }
    }
}
