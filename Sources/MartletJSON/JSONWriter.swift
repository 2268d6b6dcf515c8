import OrderedCollections

/// Writes JSON text into a byte buffer, either from values or piece by piece.
///
/// Piecewise writing exists for the hot path: a streamed chunk is a few appended pieces, never a
/// tree of ``JSONValue``s.
package struct JSONWriter: Sendable {
    /// The UTF-8 text so far.
    package var bytes: [UInt8]

    package init(capacity: Int = 256) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Appends text as it stands.
    package mutating func raw(_ text: StaticString) {
        bytes.append(
            contentsOf: UnsafeBufferPointer(
                start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends text as it stands.
    package mutating func raw(_ text: String) {
        bytes.append(contentsOf: text.utf8)
    }

    /// Appends a quoted and escaped string. Only what RFC 8259 demands is escaped.
    package mutating func string(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): raw("\\\"")
            case UInt8(ascii: "\\"): raw("\\\\")
            case 0x0A: raw("\\n")
            case 0x0D: raw("\\r")
            case 0x09: raw("\\t")
            case 0x08: raw("\\b")
            case 0x0C: raw("\\f")
            case 0..<0x20: escape(byte)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escape(_ byte: UInt8) {
        let digits = Array("0123456789abcdef".utf8)
        raw("\\u00")
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
    }

    package mutating func integer(_ value: Int) {
        raw(String(value))
    }

    /// Appends a number in the shortest form that reads back the same; not-a-number and
    /// infinities, which JSON lacks, become `null`.
    package mutating func number(_ value: Double) {
        guard value.isFinite else { return raw("null") }
        raw(value.description)
    }

    package mutating func bool(_ value: Bool) {
        value ? raw("true") : raw("false")
    }

    /// Appends a value without spaces.
    package mutating func value(_ value: JSONValue) {
        switch value {
        case .null: raw("null")
        case .bool(let flag): bool(flag)
        case .integer(let number): integer(number)
        case .number(let number): self.number(number)
        case .string(let text): string(text)
        case .array(let elements): array(elements)
        case .object(let members): object(members)
        }
    }

    private mutating func array(_ elements: [JSONValue]) {
        raw("[")
        for (index, element) in elements.enumerated() {
            if index > 0 { raw(",") }
            value(element)
        }
        raw("]")
    }

    private mutating func object(_ members: JSONObject) {
        raw("{")
        for (index, member) in members.elements.enumerated() {
            if index > 0 { raw(",") }
            string(member.key)
            raw(":")
            value(member.value)
        }
        raw("}")
    }
}

extension JSONValue {
    /// The value as UTF-8 JSON text without spaces.
    package var serialized: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }
}
