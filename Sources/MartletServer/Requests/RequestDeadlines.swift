package import HTTPTypes

/// How long a request may take, in the words of its client.
package struct RequestDeadlines: Hashable, Sendable {
    /// In all; nil is the server's own limit.
    package var total: Duration?
    /// Waiting for its turn; nil is the server's own limit.
    package var queue: Duration?

    /// Beyond this a limit is none: it keeps arithmetic with instants from overflowing.
    private static let secondsMax = 1e9

    /// No limits of the client's own.
    package init() {}

    /// The body's fields `timeout` and `queue_timeout`.
    package init(reading reader: inout FieldReader) throws(APIError) {
        total = try reader.number("timeout").map { seconds throws(APIError) in
            try Self.duration(seconds, text: "\(seconds)", param: "timeout")
        }
        queue = try reader.number("queue_timeout").map { seconds throws(APIError) in
            try Self.duration(seconds, text: "\(seconds)", param: "queue_timeout")
        }
    }

    /// The headers `X-Request-Timeout` and `X-Queue-Timeout`.
    package init(headers: HTTPFields) throws(APIError) {
        total = try Self.duration(.requestTimeout, in: headers)
        queue = try Self.duration(.queueTimeout, in: headers)
    }

    /// These deadlines, with those of `other` where these have none.
    package func over(_ other: RequestDeadlines) -> RequestDeadlines {
        var result = other
        result.total = total ?? other.total
        result.queue = queue ?? other.queue
        return result
    }

    private static func duration(
        _ name: HTTPField.Name, in headers: HTTPFields
    ) throws(APIError) -> Duration? {
        guard let text = headers[name] else { return nil }
        let spaces: Set<Character> = [" ", "\t"]
        let trimmed = text.filter { !spaces.contains($0) }
        return try duration(
            Double(trimmed) ?? .nan, text: String(text.prefix(64)), param: name.rawName)
    }

    private static func duration(
        _ seconds: Double, text: String, param: String
    ) throws(APIError) -> Duration {
        guard seconds.isFinite, seconds > 0 else {
            throw .badRequest(
                "\(param) must be a positive number of seconds.", param: param, value: text)
        }
        return .seconds(min(seconds, secondsMax))
    }
}

extension HTTPField.Name {
    /// How many seconds a request may take in all.
    package static let requestTimeout = Self("X-Request-Timeout")!
    /// How many seconds a request may wait for its turn.
    package static let queueTimeout = Self("X-Queue-Timeout")!
}
