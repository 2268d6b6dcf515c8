import MartletJSON

/// A WebSocket client that can also break the protocol.
struct WebSocketClient {
    /// A frame from the server.
    struct Frame: Equatable {
        var opcode: UInt8
        var payload: [UInt8]

        var text: String { String(decoding: payload, as: UTF8.self) }
        /// The code of a close frame.
        var closeCode: Int? {
            guard opcode == 8, payload.count >= 2 else { return nil }
            return Int(payload[0]) << 8 | Int(payload[1])
        }
    }

    let connection: RawConnection

    /// Connects and shakes hands.
    static func open<Result: Sendable>(
        _ port: Int, headers: String = "", _ body: (WebSocketClient) async throws -> Result
    ) async throws -> Result {
        try await RawConnection.open(port) { connection in
            try await connection.write(handshake(headers))
            var head = ""
            while !head.hasSuffix("\r\n\r\n") {
                head += String(decoding: try await connection.take(1), as: UTF8.self)
            }
            guard head.hasPrefix("HTTP/1.1 101") else {
                throw RawConnection.Timeout(received: head)
            }
            return try await body(WebSocketClient(connection: connection))
        }
    }

    static func handshake(_ headers: String = "") -> String {
        "GET /ws/generate HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
            + headers + "\r\n"
    }

    /// Sends a frame; nil for no mask, which a server must not accept.
    func send(
        _ payload: [UInt8], opcode: UInt8 = 1, isLast: Bool = true, reserved: UInt8 = 0,
        mask: [UInt8]? = [1, 2, 3, 4]
    ) async throws {
        try await connection.write(
            Self.frame(payload, opcode: opcode, isLast: isLast, reserved: reserved, mask: mask))
    }

    /// The bytes of a frame.
    static func frame(
        _ payload: [UInt8], opcode: UInt8 = 1, isLast: Bool = true, reserved: UInt8 = 0,
        mask: [UInt8]? = [1, 2, 3, 4]
    ) -> [UInt8] {
        var bytes = [(isLast ? 0x80 : 0) | reserved | opcode]
        let flag: UInt8 = mask == nil ? 0 : 0x80
        switch payload.count {
        case ..<126: bytes.append(flag | UInt8(payload.count))
        case ..<65536:
            bytes += [flag | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default:
            bytes.append(flag | 127)
            bytes += (0..<8).map { UInt8(truncatingIfNeeded: payload.count >> (56 - 8 * $0)) }
        }
        bytes += mask ?? []
        bytes += payload.enumerated().map { index, byte in byte ^ (mask?[index % 4] ?? 0) }
        return bytes
    }

    func send(_ text: String) async throws {
        try await send(Array(text.utf8))
    }

    func receive() async throws -> Frame {
        let head = try await connection.take(2)
        var count = Int(head[1] & 0x7F)
        if count == 126 {
            count = try await connection.take(2).reduce(0) { $0 << 8 | Int($1) }
        } else if count == 127 {
            count = try await connection.take(8).reduce(0) { $0 << 8 | Int($1) }
        }
        return Frame(opcode: head[0] & 0x0F, payload: try await connection.take(count))
    }

    /// The next text frame's object.
    func receiveObject() async throws -> JSONValue {
        while true {
            let frame = try await receive()
            if frame.opcode == 1 { return try JSONValue(parsing: frame.payload) }
            if frame.opcode == 8 { throw RawConnection.Timeout(received: "close \(frame)") }
        }
    }

    /// The code that the server closes with.
    func receiveClose() async throws -> Int? {
        while true {
            let frame = try await receive()
            if frame.opcode == 8 { return frame.closeCode }
        }
    }

    /// The text of each request up to the end of all of `ids`.
    func collect(_ ids: Set<JSONValue>) async throws -> [JSONValue: String] {
        var open = ids
        var texts: [JSONValue: String] = [:]
        while !open.isEmpty {
            let object = try await receiveObject()
            if object["type"] == "done", let id = object["id"] {
                open.remove(id)
                continue
            }
            guard let id = object["request_id"] else { continue }
            let choice = object["choices"]?.array?.first
            texts[id, default: ""] +=
                choice?["text"]?.string ?? choice?["delta"]?["content"]?.string ?? ""
        }
        return texts
    }
}
