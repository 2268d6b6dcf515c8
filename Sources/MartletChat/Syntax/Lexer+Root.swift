extension Lexer {
    /// Reads text up to the next tag, and the tag.
    mutating func lexRoot() throws(TemplateError) {
        guard let tag = nextTag() else {
            appendData(position..<bytes.count)
            return advance(to: bytes.count)
        }
        if let raw = rawBegin(at: tag) {
            appendText(before: tag, sign: bytes[tag + 2], isVariable: false)
            advance(to: raw)
            return try lexRaw()
        }
        let kind = bytes[tag + 1]
        let sign = tag + 2 < bytes.count ? bytes[tag + 2] : 0
        let isVariable = kind == UInt8(ascii: "{")
        appendText(before: tag, sign: sign, isVariable: isVariable)
        let isSigned = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+")
        let end = tag + (isSigned ? 3 : 2)
        if kind == UInt8(ascii: "#") {
            advance(to: end)
            return try lexComment()
        }
        advance(to: tag)
        append(isVariable ? .variableBegin : .blockBegin)
        advance(to: end)
        try lexCode(isVariable: isVariable)
    }

    private func nextTag() -> Int? {
        var index = position
        while index + 1 < bytes.count {
            if bytes[index] == UInt8(ascii: "{") {
                switch bytes[index + 1] {
                case UInt8(ascii: "{"), UInt8(ascii: "%"), UInt8(ascii: "#"): return index
                default: break
                }
            }
            index += 1
        }
        return nil
    }

    private mutating func appendData(_ range: Range<Int>) {
        if !range.isEmpty { append(.data, text(range)) }
    }

    /// Appends the text before a tag, trimmed as the tag's sign and `lstrip_blocks` demand.
    private mutating func appendText(before tag: Int, sign: UInt8, isVariable: Bool) {
        let start = position
        var end = tag
        if sign == UInt8(ascii: "-") {
            end = trimmedEnd(start..<tag)
        } else if sign != UInt8(ascii: "+"), !isVariable {
            let newline = bytes[start..<tag].lastIndex(of: UInt8(ascii: "\n"))
            let lineStart = newline.map { $0 + 1 } ?? start
            if newline != nil || isAtLineStart, trimmedEnd(lineStart..<tag) == lineStart {
                end = lineStart
            }
        }
        appendData(start..<end)
        for index in start..<tag where bytes[index] == UInt8(ascii: "\n") { line += 1 }
        position = tag
    }

    /// The end of the text in `range` without trailing whitespace.
    private func trimmedEnd(_ range: Range<Int>) -> Int {
        var end = range.upperBound
        while end > range.lowerBound {
            var start = end - 1
            while start > range.lowerBound, bytes[start] & 0xC0 == 0x80 { start -= 1 }
            guard PythonText.isSpace(decodeScalar(at: start).0) else { break }
            end = start
        }
        return end
    }

    /// The end of `{% raw %}` where one starts at `tag`.
    private func rawBegin(at tag: Int) -> Int? {
        guard bytes[tag + 1] == UInt8(ascii: "%") else { return nil }
        guard let end = keyword("raw", at: tag) else { return nil }
        if starts(with: "-%}", at: end) { return skippingWhitespace(from: end + 3) }
        return starts(with: "%}", at: end) ? end + 2 : nil
    }

    /// The end of a tag's sign, whitespace, `word` and whitespace, where these start at `tag`.
    private func keyword(_ word: StaticString, at tag: Int) -> Int? {
        var index = tag + 2
        if index < bytes.count,
            bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+")
        {
            index += 1
        }
        index = skippingWhitespace(from: index)
        guard starts(with: word, at: index) else { return nil }
        return skippingWhitespace(from: index + word.utf8CodeUnitCount)
    }

    private mutating func lexRaw() throws(TemplateError) {
        guard position < bytes.count else { return }
        var index = position
        while index < bytes.count {
            if starts(with: "{%", at: index), let close = keyword("endraw", at: index),
                let end = blockEnd(at: close)
            {
                appendText(before: index, sign: bytes[index + 2], isVariable: false)
                return advance(to: end)
            }
            index += 1
        }
        throw failure("Missing end of raw directive")
    }

    private mutating func lexComment() throws(TemplateError) {
        guard position < bytes.count else { return }
        var index = position
        while index < bytes.count {
            if starts(with: "-#}", at: index) {
                return advance(to: skippingWhitespace(from: index + 3))
            }
            if starts(with: "+#}", at: index) { return advance(to: index + 3) }
            if starts(with: "#}", at: index) {
                return advance(to: skippingNewline(from: index + 2))
            }
            index += 1
        }
        throw failure("Missing end of comment tag")
    }

    private func skippingNewline(from index: Int) -> Int {
        index < bytes.count && bytes[index] == UInt8(ascii: "\n") ? index + 1 : index
    }

    /// The end of `%}` in its three forms, with the whitespace it swallows, where one is at
    /// `index`.
    func blockEnd(at index: Int) -> Int? {
        if starts(with: "+%}", at: index) { return index + 3 }
        if starts(with: "-%}", at: index) { return skippingWhitespace(from: index + 3) }
        return starts(with: "%}", at: index) ? skippingNewline(from: index + 2) : nil
    }

    /// The end of `}}` in its two forms, with the whitespace it swallows, where one is at `index`.
    func variableEnd(at index: Int) -> Int? {
        if starts(with: "-}}", at: index) { return skippingWhitespace(from: index + 3) }
        return starts(with: "}}", at: index) ? index + 2 : nil
    }
}
