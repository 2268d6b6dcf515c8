package import NIOCore
package import NIOWebSocket

/// Makes messages of a client's frames and finds what breaks the protocol.
///
/// - Source: RFC 6455, sections 5 and 7. NIO's decoder has already refused frames that are too
///   long and malformed control frames.
package struct MessageAssembler: Sendable {
    /// What a frame amounts to.
    package enum Event: Equatable, Sendable {
        /// More frames belong to the message.
        case incomplete
        /// A whole message.
        case text(ByteBuffer)
        case ping(ByteBuffer)
        case pong
        /// The client closes the connection, maybe with a code.
        case close(WebSocketErrorCode?)
        /// The client broke the protocol; the connection ends with this code.
        case violation(WebSocketErrorCode, reason: String)
    }

    private let limit: Int
    private var fragments: ByteBuffer?

    /// - Parameter limit: The longest message, in bytes.
    package init(limit: Int) {
        self.limit = limit
    }

    /// Takes the next frame.
    package mutating func receive(_ frame: WebSocketFrame) -> Event {
        guard frame.maskKey != nil else {
            return .violation(.protocolError, reason: "client frames must be masked")
        }
        guard !frame.rsv1, !frame.rsv2, !frame.rsv3 else {
            return .violation(.protocolError, reason: "no extension was negotiated")
        }
        let data = frame.unmaskedData
        switch frame.opcode {
        case .text:
            guard fragments == nil else {
                return .violation(.protocolError, reason: "a message inside a message")
            }
            return append(data, to: ByteBuffer(), isLast: frame.fin)
        case .continuation:
            guard let fragments else {
                return .violation(.protocolError, reason: "a continuation of nothing")
            }
            return append(data, to: fragments, isLast: frame.fin)
        case .binary:
            return .violation(.unacceptableData, reason: "only text is understood")
        case .ping: return .ping(data)
        case .pong: return .pong
        case .connectionClose: return close(data)
        default: return .violation(.protocolError, reason: "unknown frame type")
        }
    }

    private mutating func append(
        _ data: ByteBuffer, to message: ByteBuffer, isLast: Bool
    ) -> Event {
        guard message.readableBytes + data.readableBytes <= limit else {
            return .violation(.messageTooLarge, reason: "more than \(limit) bytes")
        }
        var message = message
        var data = data
        if message.readableBytes == 0 { message = data } else { message.writeBuffer(&data) }
        guard isLast else {
            fragments = message
            return .incomplete
        }
        fragments = nil
        let isValid = message.withUnsafeReadableBytes { bytes in
            String(validating: bytes, as: UTF8.self) != nil
        }
        guard isValid else {
            return .violation(.dataInconsistentWithMessage, reason: "invalid UTF-8")
        }
        return .text(message)
    }

    private func close(_ data: ByteBuffer) -> Event {
        var data = data
        guard data.readableBytes > 0 else { return .close(nil) }
        guard let number = data.readInteger(as: UInt16.self), Self.isSendable(number) else {
            return .violation(.protocolError, reason: "not a close code")
        }
        let isValid = data.withUnsafeReadableBytes { bytes in
            String(validating: bytes, as: UTF8.self) != nil
        }
        guard isValid else {
            return .violation(.dataInconsistentWithMessage, reason: "invalid UTF-8")
        }
        return .close(WebSocketErrorCode(codeNumber: Int(number)))
    }

    /// Whether a code may appear in a close frame: RFC 6455, section 7.4.
    private static func isSendable(_ code: UInt16) -> Bool {
        switch code {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
