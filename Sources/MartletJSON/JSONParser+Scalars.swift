extension JSONParser {
    /// Parses a string; `position` is at the opening quote.
    mutating func parseString() throws(JSONError) -> String {
        position += 1
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            if byte == UInt8(ascii: "\"") {
                let text = try decode(start..<position)
                position += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try parseEscapedString(from: start) }
            guard byte >= 0x20 else { throw failure("control character in a string") }
            position += 1
        }
        throw failure("unterminated string")
    }

    /// Parses a string without escapes in place and returns the range of its UTF-8; nil, and
    /// nothing consumed, where it has escapes. `position` is at the opening quote.
    mutating func parsePlainString() throws(JSONError) -> Range<Int>? {
        let start = position + 1
        var end = start
        var isASCII = true
        while end < bytes.count, bytes[end] != UInt8(ascii: "\"") {
            if bytes[end] == UInt8(ascii: "\\") || bytes[end] < 0x20 { return nil }
            isASCII = isASCII && bytes[end] < 0x80
            end += 1
        }
        guard end < bytes.count else { throw failure("unterminated string") }
        if !isASCII, !isValidUTF8(start..<end) {
            throw JSONError(offset: start, reason: "invalid UTF-8 in a string")
        }
        position = end + 1
        return start..<end
    }

    private func isValidUTF8(_ range: Range<Int>) -> Bool {
        UTF8Validation.isValid(UnsafeBufferPointer(rebasing: bytes[range]))
    }

    private func decode(_ range: Range<Int>) throws(JSONError) -> String {
        let slice = UnsafeBufferPointer(rebasing: bytes[range])
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw JSONError(offset: range.lowerBound, reason: "invalid UTF-8 in a string")
        }
        return text
    }

    /// The slow path of ``parseString()``, entered at the first backslash.
    private mutating func parseEscapedString(from start: Int) throws(JSONError) -> String {
        var buffer = Array(bytes[start..<position])
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: buffer, as: UTF8.self) else {
                    throw JSONError(offset: start, reason: "invalid UTF-8 in a string")
                }
                return text
            case UInt8(ascii: "\\"):
                try appendEscape(to: &buffer)
            case 0..<0x20:
                position -= 1
                throw failure("control character in a string")
            default:
                buffer.append(byte)
            }
        }
        throw failure("unterminated string")
    }

    private mutating func appendEscape(to buffer: inout [UInt8]) throws(JSONError) {
        guard position < bytes.count else { throw failure("unterminated string") }
        let byte = bytes[position]
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"): buffer.append(contentsOf: String(try parseScalar()).utf8)
        default:
            position -= 1
            throw failure("unknown escape in a string")
        }
    }

    /// Reads the digits of `\uXXXX`, and of the low half where they are a high surrogate. A lone
    /// surrogate becomes U+FFFD, since no Unicode string can hold it.
    private mutating func parseScalar() throws(JSONError) -> UnicodeScalar {
        let replacement: UnicodeScalar = "\u{FFFD}"
        let high = try parseHexDigits()
        guard (0xD800..<0xDC00).contains(high) else {
            return UnicodeScalar(high) ?? replacement
        }
        guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
            bytes[position + 1] == UInt8(ascii: "u")
        else { return replacement }
        let mark = position
        position += 2
        let low = try parseHexDigits()
        guard (0xDC00..<0xE000).contains(low) else {
            position = mark
            return replacement
        }
        return UnicodeScalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? replacement
    }

    private mutating func parseHexDigits() throws(JSONError) -> UInt32 {
        guard position + 4 <= bytes.count else { throw failure("unterminated string") }
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let digit = Character(UnicodeScalar(bytes[position])).hexDigitValue else {
                throw failure("expected four hexadecimal digits")
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// Parses a number; `position` is at its sign or first digit.
    mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let leadingZero = position < bytes.count && bytes[position] == UInt8(ascii: "0")
        let digits = skipDigits()
        guard digits > 0 else { throw failure("expected a digit") }
        guard !leadingZero || digits == 1 else { throw failure("a number with a leading zero") }
        let isWhole = try !skipFractionAndExponent()
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text), value.isFinite else {
            throw JSONError(offset: start, reason: "number out of range")
        }
        return .number(value)
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        return position - start
    }

    private mutating func skipFractionAndExponent() throws(JSONError) -> Bool {
        var found = false
        if position < bytes.count, bytes[position] == UInt8(ascii: ".") {
            found = true
            position += 1
            guard skipDigits() > 0 else { throw failure("expected a digit") }
        }
        if position < bytes.count, bytes[position] | 0x20 == UInt8(ascii: "e") {
            found = true
            position += 1
            if position < bytes.count,
                bytes[position] == UInt8(ascii: "+") || bytes[position] == UInt8(ascii: "-")
            {
                position += 1
            }
            guard skipDigits() > 0 else { throw failure("expected a digit") }
        }
        return found
    }
}
