import OrderedCollections

/// A recursive-descent parser over borrowed bytes.
struct JSONParser {
    let bytes: UnsafeBufferPointer<UInt8>
    let maximumDepth: Int
    var position = 0
    var depth = 0

    init(bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
    }

    mutating func parseDocument() throws(JSONError) -> JSONValue {
        let value = try parseValue()
        skipWhitespace()
        guard position == bytes.count else { throw failure("extra data after the value") }
        return value
    }

    func failure(_ reason: String) -> JSONError {
        JSONError(offset: position, reason: reason)
    }

    mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    mutating func parseValue() throws(JSONError) -> JSONValue {
        skipWhitespace()
        guard position < bytes.count else { throw failure("expected a value, found the end") }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try parseObject()
        case UInt8(ascii: "["): return try parseArray()
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw failure("expected a value")
        }
    }

    private mutating func parseWord(
        _ word: StaticString, _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard position + length <= bytes.count else { throw failure("expected a value") }
        for index in 0..<length where bytes[position + index] != word.utf8Start[index] {
            throw failure("expected a value")
        }
        position += length
        return value
    }

    mutating func enter() throws(JSONError) {
        depth += 1
        guard depth <= maximumDepth else {
            throw failure("more than \(maximumDepth) nested containers")
        }
        position += 1
        skipWhitespace()
    }

    private func next(is byte: UInt8) -> Bool {
        position < bytes.count && bytes[position] == byte
    }

    private mutating func parseArray() throws(JSONError) -> JSONValue {
        try enter()
        var elements: [JSONValue] = []
        if next(is: UInt8(ascii: "]")) {
            position += 1
            depth -= 1
            return .array(elements)
        }
        while true {
            elements.append(try parseValue())
            guard try continues(until: UInt8(ascii: "]")) else { return .array(elements) }
        }
    }

    private mutating func parseObject() throws(JSONError) -> JSONValue {
        try enter()
        var members = JSONObject()
        if next(is: UInt8(ascii: "}")) {
            position += 1
            depth -= 1
            return .object(members)
        }
        while true {
            skipWhitespace()
            guard next(is: UInt8(ascii: "\"")) else { throw failure("expected a member name") }
            let name = try parseString()
            skipWhitespace()
            guard next(is: UInt8(ascii: ":")) else { throw failure("expected ':'") }
            position += 1
            members[name] = try parseValue()
            guard try continues(until: UInt8(ascii: "}")) else { return .object(members) }
        }
    }

    /// Consumes the comma before a further element, or the bracket that closes the container.
    mutating func continues(until closing: UInt8) throws(JSONError) -> Bool {
        skipWhitespace()
        if next(is: UInt8(ascii: ",")) {
            position += 1
            return true
        }
        guard next(is: closing) else {
            throw failure("expected ',' or '\(Character(UnicodeScalar(closing)))'")
        }
        position += 1
        depth -= 1
        return false
    }
}
