import NIOCore
import NIOHTTP1

/// Looks after a connection until its first request tells what it is: what stays silent, is not
/// HTTP, or is still there when the server shuts down is closed.
///
/// It stands before NIO's upgrade handler and hides offers to change the protocol that the server
/// does not take: that handler would lose the request. Since the parser takes what follows such an
/// offer for another protocol, the connection is closed after the answer.
final class NegotiationHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let timeout: TimeAmount
    private let accepts: (HTTPRequestHead) -> Bool
    private var hasHead = false
    private var timer: Scheduled<Void>?
    private var isNegotiating = true

    /// - Parameters:
    ///   - timeout: How long a connection may stay silent.
    ///   - accepts: Whether a request may change the protocol.
    init(timeout: TimeAmount, accepts: @escaping (HTTPRequestHead) -> Bool) {
        self.timeout = timeout
        self.accepts = accepts
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

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Once there is a head, what comes may be other things than parts of a request.
        guard !hasHead, case .head(var head) = unwrapInboundIn(data) else {
            return context.fireChannelRead(data)
        }
        hasHead = true
        if head.headers.contains(name: "upgrade"), !accepts(head) {
            head.headers.remove(name: "upgrade")
            head.headers.replaceOrAdd(name: "connection", value: "close")
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
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
            return context.fireErrorCaught(error)
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
