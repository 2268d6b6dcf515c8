/// Cuts a template into tokens, with the whitespace control of `trim_blocks` and `lstrip_blocks`.
///
/// - Source: jinja2 3.1 `lexer.py`, in the configuration of transformers' chat templates.
struct Lexer {
    let bytes: [UInt8]
    var position = 0
    var line = 1
    var tokens: [Token] = []
    /// Whether the last match ended with a newline, so that the next text starts a line.
    var isAtLineStart = true

    /// Cuts `source` into tokens; the last one has the kind `end`.
    static func tokenize(_ source: String) throws(TemplateError) -> [Token] {
        var lexer = Lexer(bytes: normalized(source))
        while lexer.position < lexer.bytes.count { try lexer.lexRoot() }
        lexer.append(.end)
        return lexer.tokens
    }

    /// The source with newlines as `\n`, less one newline at its end.
    private static func normalized(_ source: String) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(source.utf8.count)
        var previous: UInt8 = 0
        for byte in source.utf8 {
            if byte == UInt8(ascii: "\n") && previous == UInt8(ascii: "\r") {
                previous = byte
                continue
            }
            result.append(byte == UInt8(ascii: "\r") ? UInt8(ascii: "\n") : byte)
            previous = byte
        }
        if result.last == UInt8(ascii: "\n") { result.removeLast() }
        return result
    }

    func failure(_ message: String) -> TemplateError { .syntax(line: line, message: message) }

    mutating func append(_ kind: Token.Kind, _ text: String = "", line: Int? = nil) {
        tokens.append(Token(kind: kind, text: text, line: line ?? self.line))
    }

    func byte(_ offset: Int) -> UInt8 {
        position + offset < bytes.count ? bytes[position + offset] : 0
    }

    func starts(with text: StaticString, at index: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard index + length <= bytes.count else { return false }
        for offset in 0..<length where bytes[index + offset] != text.utf8Start[offset] {
            return false
        }
        return true
    }

    /// Moves to `end`, counting lines.
    mutating func advance(to end: Int) {
        for index in position..<end where bytes[index] == UInt8(ascii: "\n") { line += 1 }
        isAtLineStart = end > 0 && bytes[end - 1] == UInt8(ascii: "\n")
        position = end
    }

    /// The end of the whitespace that starts at `index`.
    func skippingWhitespace(from index: Int) -> Int {
        var index = index
        while index < bytes.count {
            let (scalar, length) = decodeScalar(at: index)
            guard PythonText.isSpace(scalar) else { break }
            index += length
        }
        return index
    }

    func decodeScalar(at index: Int) -> (UnicodeScalar, Int) {
        guard bytes[index] >= 0x80 else { return (UnicodeScalar(bytes[index]), 1) }
        let end = min(index + 4, bytes.count)
        var iterator = bytes[index..<end].makeIterator()
        var decoder = UTF8()
        guard case .scalarValue(let scalar) = decoder.decode(&iterator) else {
            return ("\u{FFFD}", 1)
        }
        return (scalar, UTF8.width(scalar))
    }

    func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
}
