extension Lexer {
    /// Reads the tokens of a tag, and its end.
    mutating func lexCode(isVariable: Bool) throws(TemplateError) {
        var open: [UInt8] = []
        while position < bytes.count {
            if open.isEmpty {
                let end = isVariable ? variableEnd(at: position) : blockEnd(at: position)
                if let end {
                    append(isVariable ? .variableEnd : .blockEnd)
                    return advance(to: end)
                }
            }
            let (scalar, _) = decodeScalar(at: position)
            if PythonText.isSpace(scalar) {
                advance(to: skippingWhitespace(from: position))
            } else if ("0"..."9").contains(scalar) {
                try lexNumber()
            } else if isNameStart(scalar) {
                lexName()
            } else if scalar == "'" || scalar == "\"" {
                try lexString(quote: bytes[position])
            } else {
                try lexSymbol(&open)
            }
        }
    }

    private func isNameStart(_ scalar: UnicodeScalar) -> Bool {
        scalar == "_" || scalar.properties.isXIDStart
    }

    private mutating func lexName() {
        var end = position
        while end < bytes.count {
            let (scalar, length) = decodeScalar(at: end)
            guard scalar == "_" || scalar.properties.isXIDContinue else { break }
            end += length
        }
        append(.name, text(position..<end))
        advance(to: end)
    }

    private mutating func lexSymbol(_ open: inout [UInt8]) throws(TemplateError) {
        for symbol in ["//", "**", "==", "!=", ">=", "<="]
        where matches(symbol) {
            append(.symbol, symbol)
            return advance(to: position + 2)
        }
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "{"): open.append(UInt8(ascii: "}"))
        case UInt8(ascii: "("): open.append(UInt8(ascii: ")"))
        case UInt8(ascii: "["): open.append(UInt8(ascii: "]"))
        case UInt8(ascii: "}"), UInt8(ascii: ")"), UInt8(ascii: "]"):
            let found = Character(UnicodeScalar(byte))
            guard let expected = open.popLast() else { throw failure("unexpected '\(found)'") }
            guard expected == byte else {
                let wanted = Character(UnicodeScalar(expected))
                throw failure("unexpected '\(found)', expected '\(wanted)'")
            }
        default:
            guard "+-/*%~><=.:|,;".utf8.contains(byte) else {
                let (scalar, _) = decodeScalar(at: position)
                throw failure("unexpected char \(PythonText.quoted(String(scalar)))")
            }
        }
        append(.symbol, text(position..<position + 1))
        advance(to: position + 1)
    }

    private func matches(_ symbol: String) -> Bool {
        let end = position + symbol.utf8.count
        return end <= bytes.count && bytes[position..<end].elementsEqual(symbol.utf8)
    }

    // MARK: Numbers

    /// The end of the digits, with single underscores between them, that start at `index`; nil
    /// where there are none.
    private func digits(from index: Int, where isDigit: (UInt8) -> Bool) -> Int? {
        guard index < bytes.count, isDigit(bytes[index]) else { return nil }
        var end = index + 1
        while end < bytes.count {
            if isDigit(bytes[end]) {
                end += 1
            } else if bytes[end] == UInt8(ascii: "_"), end + 1 < bytes.count,
                isDigit(bytes[end + 1])
            {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    private func decimalDigits(from index: Int) -> Int? {
        digits(from: index) { $0 &- UInt8(ascii: "0") < 10 }
    }

    private mutating func lexNumber() throws(TemplateError) {
        if let end = floatEnd() {
            let digits = text(position..<end).filter { $0 != "_" }
            guard let value = Double(digits) else { throw failure("invalid number") }
            tokens.append(Token(kind: .float, text: digits, line: line, number: .float(value)))
            return advance(to: end)
        }
        let (end, radix, skipped) = integerExtent()
        let digits = text(position + skipped..<end).filter { $0 != "_" }
        guard let value = Int(digits, radix: radix) else {
            throw failure("integer literal too large")
        }
        tokens.append(Token(kind: .integer, text: digits, line: line, number: .integer(value)))
        advance(to: end)
    }

    /// The end of the float literal at the position; nil where there is none.
    private func floatEnd() -> Int? {
        guard position == 0 || bytes[position - 1] != UInt8(ascii: "."),
            let whole = decimalDigits(from: position)
        else { return nil }
        var end = whole
        if end < bytes.count, bytes[end] == UInt8(ascii: "."),
            let fraction = decimalDigits(from: end + 1)
        {
            end = fraction
        }
        guard end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") else {
            return end == whole ? nil : end
        }
        var exponent = end + 1
        if exponent < bytes.count,
            bytes[exponent] == UInt8(ascii: "+") || bytes[exponent] == UInt8(ascii: "-")
        {
            exponent += 1
        }
        return decimalDigits(from: exponent) ?? (end == whole ? nil : end)
    }

    private func integerExtent() -> (end: Int, radix: Int, skipped: Int) {
        if bytes[position] == UInt8(ascii: "0") {
            let prefixed: (radix: Int, isDigit: (UInt8) -> Bool)? =
                switch byte(1) | 0x20 {
                case UInt8(ascii: "b"): (2, { $0 &- UInt8(ascii: "0") < 2 })
                case UInt8(ascii: "o"): (8, { $0 &- UInt8(ascii: "0") < 8 })
                case UInt8(ascii: "x"): (16, { Character(UnicodeScalar($0)).isHexDigit })
                default: nil
                }
            if let prefixed {
                let start = byte(2) == UInt8(ascii: "_") ? position + 3 : position + 2
                if let end = digits(from: start, where: prefixed.isDigit) {
                    return (end, prefixed.radix, start - position)
                }
            }
            let end = digits(from: position) { $0 == UInt8(ascii: "0") } ?? position + 1
            return (end, 10, 0)
        }
        return (decimalDigits(from: position) ?? position + 1, 10, 0)
    }
}
