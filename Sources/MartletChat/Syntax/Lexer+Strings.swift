extension Lexer {
    /// Reads a string literal and resolves its escapes as Python does.
    mutating func lexString(quote: UInt8) throws(TemplateError) {
        var end = position + 1
        while end < bytes.count, bytes[end] != quote {
            end += bytes[end] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard end < bytes.count else {
            throw failure("unexpected char \(PythonText.quoted(String(UnicodeScalar(quote))))")
        }
        append(.string, try unescaped(position + 1..<end))
        advance(to: end + 1)
    }

    private func unescaped(_ range: Range<Int>) throws(TemplateError) -> String {
        var result: [UInt8] = []
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes[index]
            index += 1
            guard byte == UInt8(ascii: "\\"), index < range.upperBound else {
                result.append(byte)
                continue
            }
            let escape = bytes[index]
            index += 1
            if let plain = Self.plainEscapes[escape] {
                result.append(plain)
                continue
            }
            switch escape {
            case UInt8(ascii: "\n"): break
            case UInt8(ascii: "x"): try appendCode(2, &index, range.upperBound, &result)
            case UInt8(ascii: "u"): try appendCode(4, &index, range.upperBound, &result)
            case UInt8(ascii: "U"): try appendCode(8, &index, range.upperBound, &result)
            case UInt8(ascii: "N"): throw failure("named escapes are not supported")
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                index -= 1
                appendOctal(&index, range.upperBound, &result)
            default:
                result.append(UInt8(ascii: "\\"))
                result.append(escape)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let plainEscapes: [UInt8: UInt8] = [
        UInt8(ascii: "\\"): UInt8(ascii: "\\"), UInt8(ascii: "'"): UInt8(ascii: "'"),
        UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8,
        UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
        UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11,
    ]

    private func appendCode(
        _ count: Int, _ index: inout Int, _ end: Int, _ result: inout [UInt8]
    ) throws(TemplateError) {
        guard index + count <= end,
            let code = UInt32(text(index..<index + count), radix: 16),
            bytes[index] != UInt8(ascii: "+"),
            let scalar = UnicodeScalar(code)
        else { throw failure("invalid escape in a string") }
        result.append(contentsOf: String(scalar).utf8)
        index += count
    }

    private func appendOctal(_ index: inout Int, _ end: Int, _ result: inout [UInt8]) {
        var code: UInt32 = 0
        var count = 0
        while count < 3, index < end, bytes[index] &- UInt8(ascii: "0") < 8 {
            code = code << 3 | UInt32(bytes[index] - UInt8(ascii: "0"))
            index += 1
            count += 1
        }
        if let scalar = UnicodeScalar(code) {
            result.append(contentsOf: String(scalar).utf8)
        }
    }
}
