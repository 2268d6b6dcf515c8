import NIOCore
import NIOPosix

/// A client that sends and never reads, with as small a buffer as the system allows.
struct StuckClient: Sendable {
    let channel: any Channel

    /// Connects and sends.
    static func open(_ port: Int, _ bytes: [UInt8]) async throws -> StuckClient {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.socketOption(.so_rcvbuf), value: 4096)
            .connect(host: "127.0.0.1", port: port).get()
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
        return StuckClient(channel: channel)
    }

    /// Posts JSON.
    static func post(_ port: Int, _ path: String, _ body: String) async throws -> StuckClient {
        let head =
            "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n"
        return try await open(port, Array((head + body).utf8))
    }

    func close() async {
        try? await channel.close()
    }
}
