import NIOCore
import NIOPosix

/// A TCP connection that a test reads and writes byte by byte.
final class RawConnection {
    struct Timeout: Error {
        let received: String
    }

    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let channel: any Channel
    private(set) var received = ByteBuffer()

    private init(
        channel: any Channel, inbound: NIOAsyncChannelInboundStream<ByteBuffer>,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.channel = channel
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// Connects for the time of `body`. What takes longer than the limit is cut, so that a test
    /// fails instead of hanging.
    static func open<Result: Sendable>(
        _ port: Int, limit: TimeAmount = .seconds(20),
        _ body: (RawConnection) async throws -> Result
    ) async throws -> Result {
        let connection = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel)
                }
            }
        let channel = connection.channel
        let timer = channel.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        defer { timer.cancel() }
        return try await connection.executeThenClose { inbound, outbound in
            try await body(
                RawConnection(channel: channel, inbound: inbound, outbound: outbound))
        }
    }

    func write(_ text: String) async throws {
        try await outbound.write(ByteBuffer(string: text))
    }

    func write(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    /// Posts JSON on the connection.
    func post(_ path: String, _ body: String) async throws {
        try await write(
            "POST \(path) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    /// Waits for more bytes; false at the end of the connection.
    func readMore() async throws -> Bool {
        guard var buffer = try await inbound.next() else { return false }
        received.writeBuffer(&buffer)
        return true
    }

    /// Reads until the text so far contains `text`, and takes all of it.
    @discardableResult
    func read(until text: String) async throws -> String {
        while !String(buffer: received).contains(text) {
            guard try await readMore() else { throw Timeout(received: String(buffer: received)) }
        }
        defer { received.clear() }
        return String(buffer: received)
    }

    /// Reads to the end of the connection.
    func readToEnd() async throws -> String {
        while try await readMore() {}
        return String(buffer: received)
    }

    /// Takes bytes off what was read.
    func take(_ count: Int) async throws -> [UInt8] {
        while received.readableBytes < count {
            guard try await readMore() else { throw Timeout(received: String(buffer: received)) }
        }
        return received.readBytes(length: count) ?? []
    }

    /// Closes without waiting for anything.
    func close() {
        channel.close(promise: nil)
    }
}
