package import MartletJSON

/// Takes server-sent events with JSON data out of a stream of bytes.
package struct EventParser {
    private var line: [UInt8] = []
    /// Whether the end of the stream, `[DONE]`, has come.
    package private(set) var hasEnded = false

    /// Longer lines than any server sends are not collected.
    private static let maximumLineLength = 16 << 20

    package init() {}

    /// The data of the events that `bytes` complete.
    package mutating func append(_ bytes: some Sequence<UInt8>) -> [JSONValue] {
        var events: [JSONValue] = []
        for byte in bytes {
            guard byte == UInt8(ascii: "\n") else {
                if line.count < Self.maximumLineLength { line.append(byte) }
                continue
            }
            if let event = takeLine() { events.append(event) }
        }
        return events
    }

    private mutating func takeLine() -> JSONValue? {
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        guard line.starts(with: "data:".utf8) else { return nil }
        let data = line.dropFirst(5).drop { $0 == UInt8(ascii: " ") }
        if data.elementsEqual("[DONE]".utf8) {
            hasEnded = true
            return nil
        }
        return try? JSONValue(parsing: data)
    }
}
