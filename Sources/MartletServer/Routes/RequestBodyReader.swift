import HTTPTypes
import HummingbirdCore
import MartletJSON
import NIOCore
import NIOHTTP1

/// Reads JSON bodies of bounded size.
struct RequestBodyReader: Sendable {
    /// The largest body, in bytes.
    let limit: Int

    /// - Throws: ``APIError`` for another content type, a larger body, and what is not JSON.
    func json(of request: Request) async throws -> JSONValue {
        let type = request.headers[.contentType] ?? ""
        let media = type.prefix { $0 != ";" }.lowercased()
        guard media.filter({ $0 != " " }) == "application/json" else {
            throw APIError(
                .badRequest, "Bad Request",
                "1 validation error:\n  Unsupported Media Type: "
                    + "Only 'application/json' is allowed")
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > limit {
            throw APIError.bodyTooLarge(limit: limit)
        }
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw APIError.bodyTooLarge(limit: limit)
        } catch is UploadTimeout {
            throw APIError.bodyTooSlow
        } catch is HTTPParserError {
            throw APIError(.badRequest, "Bad Request", "The request ends in its middle.")
        }
        return try Self.parse(buffer.readableBytesView)
    }

    /// - Throws: The error of a body that is not JSON.
    static func parse(_ bytes: some Collection<UInt8>) throws(APIError) -> JSONValue {
        do throws(JSONError) {
            return try JSONValue(parsing: bytes)
        } catch {
            throw APIError([ValidationIssue(error, in: bytes)])
        }
    }
}
