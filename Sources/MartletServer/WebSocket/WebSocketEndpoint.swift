import HTTPTypes
import Logging
import MartletEngine
import NIOCore
import NIOHTTP1
import NIOWebSocket

/// `GET /ws/generate`: any number of generations over one connection.
///
/// A client sends the body of a completion or a chat completion in a text frame, with an `id` of
/// its choice. The server answers with the chunks of the streamed response, each with the member
/// `request_id`, and then `{"type":"done","id":...}`. `{"type":"cancel","id":...}` ends a
/// generation early. Clients that cannot send an `Authorization` header send
/// `{"type":"auth","api_key":...}` first.
struct WebSocketEndpoint: Sendable {
    let planner: RequestPlanner
    let status: ServerStatus
    let configuration: ServerConfiguration

    private static let path = "/ws/generate"

    var keys: APIKeys { APIKeys(configuration.apiKeys) }

    /// Why connections are turned away at the moment; nil if they are not.
    var refusal: String? {
        if status.isDraining { return nil }
        let engines = planner.models.engines
        if status.isStarting, !engines.contains(where: \.state.takesRequests) {
            return "no model is ready"
        }
        let isFull =
            !engines.isEmpty && engines.count == planner.models.statuses.count
            && engines.allSatisfy(\.isOverloaded)
        return isFull ? "the server is at its limits" : nil
    }

    /// Whether to answer a handshake. A wrong key or a foreign page is refused over HTTP.
    func accepts(_ head: HTTPRequestHead) -> Bool {
        let headers = head.headers
        guard head.uri.prefix(while: { $0 != "?" }) == Self.path, head.method == .GET,
            headers[canonicalForm: "upgrade"].contains(where: { $0.lowercased() == "websocket" }),
            headers["sec-websocket-version"] == ["13"], headers["sec-websocket-key"].count == 1
        else { return false }
        if let origin = headers.first(name: "origin"),
            !OriginPolicy(configuration).allows(origin: origin)
        {
            return false
        }
        let authorization = headers.first(name: "authorization")
        return authorization == nil || keys.accepts(authorization: authorization)
    }

    /// Who shakes hands.
    func visitor(_ head: HTTPRequestHead) -> WebSocketState.Visitor {
        let authorization = head.headers.first(name: "authorization")
        return WebSocketState.Visitor(
            isAuthorized: keys.accepts(authorization: authorization),
            name: keys.client(authorization: authorization))
    }

    /// Serves a connection until it ends.
    func serve(
        _ connection: ServerChannel.WebSocketConnection, visitor: WebSocketState.Visitor,
        logger: Logger
    ) async {
        do {
            try await connection.executeThenClose { inbound, outbound in
                let session = WebSocketSession(
                    endpoint: self, channel: connection.channel, outbound: outbound,
                    visitor: visitor)
                await session.run(inbound)
            }
        } catch {
            logger.debug("WebSocket ended", metadata: ["error": "\(error)"])
        }
    }
}
