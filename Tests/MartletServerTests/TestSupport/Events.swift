import HTTPTypes
import MartletJSON

/// Reads server-sent events.
enum Events {
    /// The objects of a stream without its end.
    static func parse(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n\n").filter { $0 != "data: [DONE]" }.map { event in
            try JSONValue(parsing: String(event.dropFirst("data: ".count)))
        }
    }

    /// What the scripted model says after the letter of that index.
    static func alphabet(after index: Int, count: Int) -> String {
        var token = Int32(97 + index)
        return String(
            (0..<count).map { _ in
                token = ScriptedExecutor.token(after: token)
                return Character(UnicodeScalar(UInt8(token)))
            })
    }
}

extension HTTPField.Name {
    static let requestID = Self("X-Request-Id")!
}
