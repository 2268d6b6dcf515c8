import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// How far the request that a client sends has arrived.
struct Upload: Hashable, Sendable {
    /// Whether the end of a request is still to come.
    private(set) var isOpen = false
    /// Bytes of the body that are still to come; nil where the client does not say.
    private var remainingByteCount: Int?

    /// A body with more than this to come is not worth waiting for once it is refused.
    private static let smallByteCount = 64 << 10

    /// Whether a connection is better closed than read on to the end of the body.
    var isLarge: Bool {
        isOpen && remainingByteCount.map { $0 > Self.smallByteCount } ?? true
    }

    /// Notes what has arrived.
    mutating func receive(_ part: HTTPRequestPart) {
        switch part {
        case .head(let head):
            isOpen = true
            remainingByteCount = head.headerFields[.contentLength].flatMap { Int($0) }
            // Without a length and an encoding there is no body.
            if remainingByteCount == nil, head.headerFields[.transferEncoding] == nil {
                remainingByteCount = 0
            }
        case .body(let bytes):
            remainingByteCount? -= bytes.readableBytes
        case .end:
            isOpen = false
        }
    }
}

/// The body of a request did not arrive in time.
struct UploadTimeout: Error {}
