import NIOCore
import NIOHTTPTypes

/// Notes that the client has gone while a request is being served.
///
/// A client that closes only its sending half counts as gone, too, as it does for vLLM: an open
/// connection is what says that somebody waits for the answer.
final class DisconnectHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let client: ClientConnection

    init(client: ClientConnection) {
        self.client = client
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed = event { client.close() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        client.close()
        context.fireChannelInactive()
    }
}
