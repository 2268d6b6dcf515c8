package import MartletJSON

/// Collects encoded objects, each framed for the connection that carries them.
///
/// This is the hot path of streaming: objects are written into one buffer, piece by piece, and the
/// buffer is reused.
package struct FrameBuffer: Sendable {
    /// How objects are framed.
    package enum Transport: Hashable, Sendable {
        /// `data: {...}` and an empty line.
        case serverSentEvents
        /// One object to a line.
        case lines
        /// One object to a WebSocket message; `trailer` replaces the closing brace of each.
        case messages(trailer: [UInt8])
    }

    package let transport: Transport
    package var json = JSONWriter(capacity: 1024)
    /// Where each object ends in the buffer.
    package private(set) var ends: [Int] = []

    package init(_ transport: Transport) {
        self.transport = transport
    }

    package var isEmpty: Bool { ends.isEmpty }

    package mutating func begin() {
        if transport == .serverSentEvents { json.raw("data: ") }
    }

    package mutating func end() {
        switch transport {
        case .serverSentEvents: json.raw("\n\n")
        case .lines: json.raw("\n")
        case .messages(let trailer):
            json.bytes.removeLast()
            json.bytes.append(contentsOf: trailer)
        }
        ends.append(json.bytes.count)
    }

    /// Ends a stream the way the transport does.
    package mutating func terminate() {
        guard transport == .serverSentEvents else { return }
        json.raw("data: [DONE]\n\n")
        ends.append(json.bytes.count)
    }

    /// Writes an error in place of further output.
    package mutating func error(_ error: APIError) {
        begin()
        error.writeOpen(into: &json)
        json.raw("}")
        end()
    }

    package mutating func removeAll() {
        json.bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
    }

    /// The objects one by one.
    package var messages: [ArraySlice<UInt8>] {
        var start = 0
        return ends.map { end in
            defer { start = end }
            return json.bytes[start..<end]
        }
    }
}
