import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// A connection: HTTP/1.1, or a WebSocket if its first request asks for one.
///
/// - Source: The pipeline is that of HummingbirdCore's `HTTP1Channel`, behind NIO's typed
///   upgrade handler.
struct ServerChannel: ServerChildChannel, HTTPChannelHandler {
    typealias HTTPConnection = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
    typealias WebSocketConnection = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

    /// What a connection turns out to be.
    enum Negotiated: Sendable {
        case http(HTTPConnection)
        case webSocket(WebSocketConnection, WebSocketState.Visitor)
    }

    /// A connection that has not said yet what it is.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let client: ClientConnection
        let negotiation: EventLoopFuture<Negotiated>
    }

    let responder: Responder
    let configuration: ServerConfiguration
    let webSocket: WebSocketEndpoint

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            let client = ClientConnection(channel: channel)
            let pipeline = channel.pipeline.syncOperations
            var upgradable = NIOUpgradableHTTPServerPipelineConfiguration(
                upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                    upgraders: [webSocketUpgrader()],
                    notUpgradingCompletionHandler: { channel in
                        channel.eventLoop.makeCompletedFuture {
                            .http(try setUpHTTP(channel, client: client, logger: logger))
                        }
                    }))
            // Requests are answered one at a time, headers are checked by swift-http-types, and
            // parser errors are answered where the requests are.
            upgradable.enablePipelining = false
            upgradable.enableResponseHeaderValidation = false
            upgradable.enableErrorHandling = false
            let negotiation = try pipeline.configureUpgradableHTTPServerPipeline(
                configuration: upgradable)
            let upgrader = try pipeline.handler(
                type: NIOTypedHTTPServerUpgradeHandler<Negotiated>.self)
            try pipeline.addHandler(
                NegotiationHandler(
                    timeout: TimeAmount(configuration.keepAliveTimeout),
                    accepts: webSocket.accepts),
                position: .before(upgrader))
            return Value(channel: channel, client: client, negotiation: negotiation)
        }
    }

    func handle(value: Value, logger: Logger) async {
        guard let negotiated = try? await value.negotiation.get() else { return }
        switch negotiated {
        case .http(let connection):
            await ClientConnection.$current.withValue(value.client) {
                await handleHTTP(asyncChannel: connection, logger: logger)
            }
        case .webSocket(let connection, let visitor):
            await webSocket.serve(connection, visitor: visitor, logger: logger)
        }
    }

    private func setUpHTTP(
        _ channel: any Channel, client: ClientConnection, logger: Logger
    ) throws -> HTTPConnection {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.handler(type: NegotiationHandler.self).end()
        try pipeline.addHandlers([
            stalledClientHandler(),
            HTTP1ToHTTPServerCodec(secure: false),
            UploadHandler(
                timeout: TimeAmount(configuration.bodyTimeout),
                lingerTimeout: TimeAmount(configuration.lingerTimeout)),
            HTTPConnectionStateHandler(idleTimeout: configuration.keepAliveTimeout, logger: logger),
            DisconnectHandler(client: client),
        ])
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    private func stalledClientHandler() -> StalledClientHandler {
        StalledClientHandler(
            timeout: TimeAmount(configuration.writeTimeout),
            lingerTimeout: TimeAmount(configuration.lingerTimeout))
    }

    private func webSocketUpgrader() -> NIOTypedWebSocketServerUpgrader<Negotiated> {
        let webSocket = webSocket
        return NIOTypedWebSocketServerUpgrader(
            maxFrameSize: min(configuration.maximumBodyByteCount, Int(UInt32.max)),
            enableAutomaticErrorHandling: false,
            shouldUpgrade: { channel, _ in
                // What is not acceptable has been hidden from the upgrader.
                channel.eventLoop.makeSucceededFuture(HTTPHeaders())
            },
            upgradePipelineHandler: { channel, head in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    try pipeline.handler(type: NegotiationHandler.self).end()
                    try pipeline.addHandler(stalledClientHandler())
                    let connection = try WebSocketConnection(
                        wrappingChannelSynchronously: channel,
                        configuration: .init(isOutboundHalfClosureEnabled: true))
                    return .webSocket(connection, webSocket.visitor(head))
                }
            })
    }
}
