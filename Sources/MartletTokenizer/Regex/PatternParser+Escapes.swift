extension PatternParser {
    /// Parses a backslash and what it escapes outside a character class.
    mutating func parseEscape() throws(PatternError) -> PatternNode {
        position += 1
        guard let scalar = peek else { throw failure("a backslash at the end") }
        if let set = try parseEscapedSet() { return .set(set) }
        let assertion: PatternAssertion?
        switch scalar {
        case "A": assertion = .textStart
        case "z": assertion = .textEnd
        case "Z": assertion = .textEndBeforeNewline
        case "b": assertion = .wordBoundary
        case "B": assertion = .notWordBoundary
        default: assertion = nil
        }
        if let assertion {
            position += 1
            return .assertion(assertion)
        }
        switch scalar {
        case "R":
            position += 1
            return Self.lineBreak
        case "N":
            position += 1
            return .set(ScalarSet.newline.complement)
        case "O":
            position += 1
            return .set(.all)
        case "1"..."9", "k", "g": throw failure("back references are not supported")
        case "G", "K", "X", "y", "Y":
            throw failure("\\\(Character(scalar)) is not supported")
        default: return literal(try parseEscapedScalar())
        }
    }

    private static let lineBreak = PatternNode.atomic(
        .alternation([
            .sequence([.literal("\r"), .literal("\n")]),
            .set(ScalarSet([0x0A...0x0D, 0x85...0x85, 0x2028...0x2029])),
        ]))

    /// Parses the letter after a backslash where it names a set; `position` is at the letter.
    mutating func parseEscapedSet() throws(PatternError) -> ScalarSet? {
        let set: ScalarSet
        switch peek {
        case "d": set = .digit
        case "D": set = ScalarSet.digit.complement
        case "w": set = .word
        case "W": set = ScalarSet.word.complement
        case "s": set = .whitespace
        case "S": set = ScalarSet.whitespace.complement
        case "h": set = .hexadecimalDigit
        case "H": set = ScalarSet.hexadecimalDigit.complement
        case "p", "P": return try parseProperty()
        default: return nil
        }
        position += 1
        return set
    }

    /// Parses `p{Name}`, `p{^Name}`, `P{Name}` or `pL`.
    private mutating func parseProperty() throws(PatternError) -> ScalarSet {
        var isNegative = peek == "P"
        position += 1
        var name = ""
        if consume("{") {
            if consume("^") { isNegative.toggle() }
            while let scalar = peek, scalar != "}" {
                name.unicodeScalars.append(scalar)
                position += 1
            }
            guard consume("}") else { throw failure("a property name without end") }
        } else if let scalar = peek {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard let set = ScalarSet.property(named: name) else {
            throw failure("unknown character property '\(name)'")
        }
        return isNegative ? set.complement : set
    }

    /// Parses the escape of one scalar; `position` is after the backslash.
    mutating func parseEscapedScalar() throws(PatternError) -> Unicode.Scalar {
        guard let scalar = peek else { throw failure("a backslash at the end") }
        position += 1
        switch scalar {
        case "t": return "\t"
        case "n": return "\n"
        case "r": return "\r"
        case "f": return "\u{0C}"
        case "v": return "\u{0B}"
        case "a": return "\u{07}"
        case "e": return "\u{1B}"
        case "x":
            if consume("{") {
                let value = try parseHexadecimal(digits: 1...8)
                guard consume("}") else { throw failure("a code point without end") }
                return value
            }
            return try parseHexadecimal(digits: 1...2)
        case "u": return try parseHexadecimal(digits: 4...4)
        case "0": return try parseOctal()
        default: return scalar
        }
    }

    private mutating func parseHexadecimal(
        digits: ClosedRange<Int>
    ) throws(PatternError) -> Unicode.Scalar {
        var value: UInt32 = 0
        var count = 0
        while count < digits.upperBound, let scalar = peek, scalar.isASCII,
            let digit = Character(scalar).hexDigitValue
        {
            value = value << 4 | UInt32(digit)
            count += 1
            position += 1
        }
        guard count >= digits.lowerBound, let scalar = Unicode.Scalar(value) else {
            throw failure("not a code point")
        }
        return scalar
    }

    private mutating func parseOctal() throws(PatternError) -> Unicode.Scalar {
        var value: UInt32 = 0
        var count = 0
        while count < 2, let scalar = peek, ("0"..."7").contains(scalar) {
            value = value << 3 | (scalar.value - 0x30)
            count += 1
            position += 1
        }
        guard let scalar = Unicode.Scalar(value) else { throw failure("not a code point") }
        return scalar
    }
}
