/// Walks a JSON text member by member without building a tree.
///
/// For documents of megabytes of which most goes straight into a structure of its own, such as a
/// tokenizer's vocabulary. The bytes must outlive the reader.
///
/// ```swift
/// try reader.enterObject()
/// while let name = try reader.nextMember() {
///     if name == "model" { try readModel(&reader) } else { try reader.skipValue() }
/// }
/// ```
package struct JSONReader {
    private var parser: JSONParser
    /// Whether a container was just entered, so that no comma comes before its first element.
    private var isAtFirst = false
    private var scratch: [UInt8] = []

    package init(
        _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int = JSONValue.defaultMaximumDepth
    ) {
        parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
    }

    /// Distance of the next unread byte from the start of the text, in bytes.
    package var offset: Int { parser.position }

    /// Whether the next value begins with `byte`: `{`, `[` or `"`.
    package mutating func nextValue(beginsWith byte: Unicode.Scalar) -> Bool {
        parser.skipWhitespace()
        return parser.position < parser.bytes.count
            && UInt32(parser.bytes[parser.position]) == byte.value
    }

    /// Enters the object that comes next.
    package mutating func enterObject() throws(JSONError) {
        try enter("{", "expected an object")
    }

    /// Enters the array that comes next.
    package mutating func enterArray() throws(JSONError) {
        try enter("[", "expected an array")
    }

    private mutating func enter(
        _ bracket: Unicode.Scalar, _ expectation: String
    ) throws(JSONError) {
        guard nextValue(beginsWith: bracket) else { throw parser.failure(expectation) }
        try parser.enter()
        isAtFirst = true
    }

    /// Moves to the value of the next member and returns its name; nil after the last member,
    /// when the object has been left.
    package mutating func nextMember() throws(JSONError) -> String? {
        guard try advance(until: UInt8(ascii: "}")) else { return nil }
        guard nextValue(beginsWith: "\"") else { throw parser.failure("expected a member name") }
        let name = try parser.parseString()
        try skipColon()
        return name
    }

    /// As ``nextMember()``, with the name as UTF-8, which `body` may use during the call only.
    /// Returns false after the last member, without a call.
    package mutating func nextMember(
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(JSONError) -> Bool {
        guard try advance(until: UInt8(ascii: "}")) else { return false }
        try readStringBytes(body)
        try skipColon()
        return true
    }

    /// Moves to the next element of an array. Returns false after the last, when the array has
    /// been left.
    package mutating func nextElement() throws(JSONError) -> Bool {
        try advance(until: UInt8(ascii: "]"))
    }

    private mutating func advance(until closing: UInt8) throws(JSONError) -> Bool {
        defer { isAtFirst = false }
        guard isAtFirst else { return try parser.continues(until: closing) }
        parser.skipWhitespace()
        guard parser.position < parser.bytes.count, parser.bytes[parser.position] == closing
        else { return true }
        return try parser.continues(until: closing)
    }

    private mutating func skipColon() throws(JSONError) {
        guard nextValue(beginsWith: ":") else { throw parser.failure("expected ':'") }
        parser.position += 1
    }

    /// Reads a value of any kind.
    package mutating func readValue() throws(JSONError) -> JSONValue {
        try parser.parseValue()
    }

    /// Reads a string as UTF-8, which `body` may use during the call only.
    package mutating func readStringBytes(
        _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(JSONError) {
        guard nextValue(beginsWith: "\"") else { throw parser.failure("expected a string") }
        if let range = try parser.parsePlainString() {
            return body(UnsafeBufferPointer(rebasing: parser.bytes[range]))
        }
        scratch.removeAll(keepingCapacity: true)
        scratch.append(contentsOf: try parser.parseString().utf8)
        scratch.withUnsafeBufferPointer(body)
    }

    /// Reads a whole number.
    package mutating func readInteger() throws(JSONError) -> Int {
        parser.skipWhitespace()
        let start = parser.position
        guard let value = try parser.parseValue().integer else {
            throw JSONError(offset: start, reason: "expected a whole number")
        }
        return value
    }

    /// Checks that nothing follows the value that has been read.
    package mutating func finish() throws(JSONError) {
        parser.skipWhitespace()
        guard parser.position == parser.bytes.count else {
            throw parser.failure("extra data after the value")
        }
    }
}
