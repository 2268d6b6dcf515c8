package import MartletJSON

/// What one streamed request came to, as its client saw it.
package struct RequestOutcome: Sendable {
    /// Seconds from the request to each chunk with output.
    package private(set) var arrivals: [Double] = []
    /// Seconds to the end of the answer.
    package var duration = 0.0
    package private(set) var promptTokenCount = 0
    /// By the server's usage; nil where it sent none.
    package private(set) var reportedTokenCount: Int?

    package init() {}

    /// Tokens of the output. A chunk may hold several, so without usage this is a lower bound.
    package var outputTokenCount: Int { reportedTokenCount ?? arrivals.count }

    /// Seconds to the first token; nil where there was none.
    package var firstToken: Double? { arrivals.first }

    /// Seconds for each token after the first; nil where there was none.
    package var perOutputToken: Double? {
        guard outputTokenCount > 1, let first = arrivals.first, let last = arrivals.last else {
            return nil
        }
        return (last - first) / Double(outputTokenCount - 1)
    }

    /// Seconds between two chunks.
    package var intervals: [Double] {
        zip(arrivals.dropFirst(), arrivals).map { $0 - $1 }
    }

    /// Notes a chunk of the stream.
    ///
    /// - Throws: `Failure` where the chunk says that the request failed.
    package mutating func note(_ event: JSONValue, at seconds: Double) throws {
        if let error = event["error"], error != .null {
            throw RequestFailure(error["message"]?.string ?? "an error without a message")
        }
        if let choice = event["choices"]?.array?.first, Self.hasOutput(choice) {
            arrivals.append(seconds)
        }
        if let usage = event["usage"] {
            promptTokenCount = usage["prompt_tokens"]?.integer ?? promptTokenCount
            reportedTokenCount = usage["completion_tokens"]?.integer ?? reportedTokenCount
        }
    }

    /// A closing chunk without text carries no token; an empty one before it does, since text may
    /// be held back.
    private static func hasOutput(_ choice: JSONValue) -> Bool {
        guard let text = choice["text"]?.string else { return false }
        return !text.isEmpty || choice["finish_reason"]?.string == nil
    }
}

/// Why a request has no outcome.
package struct RequestFailure: Error, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
