extension PatternParser {
    /// Parses a character class; `position` is after the `[`. Classes nest, and `&&` intersects.
    mutating func parseClass() throws(PatternError) -> ScalarSet {
        try enter()
        defer { leave() }
        let isNegative = consume("^")
        var intersection: ScalarSet?
        var union = ScalarSet.empty
        var isEmpty = true
        while !(peek == "]" && !isEmpty) {
            guard peek != nil else { throw failure("a character class without end") }
            if consume("&&") {
                intersection = intersection?.intersection(union) ?? union
                union = .empty
            } else {
                union = union.union(try parseClassMember())
            }
            isEmpty = false
        }
        position += 1
        var result = intersection?.intersection(union) ?? union
        if options.ignoresCase { result = result.ignoringCase }
        return isNegative ? result.complement : result
    }

    private mutating func parseClassMember() throws(PatternError) -> ScalarSet {
        if consume("[:") {
            if let set = parseBracketName() { return set }
            position -= 2
        }
        if consume("[") { return try parseClass() }
        if peek == "\\" {
            position += 1
            if let set = try parseEscapedSet() { return set }
            position -= 1
        }
        let first = try parseClassScalar()
        guard peek == "-", position + 1 < scalars.count, scalars[position + 1] != "]",
            scalars[position + 1] != "["
        else { return ScalarSet(first.value) }
        position += 1
        let mark = position
        if consume("\\"), try parseEscapedSet() != nil {
            // `a-\d` is no range: the hyphen is text, and the set follows as its own member.
            position = mark
            return ScalarSet([first.value...first.value, 0x2D...0x2D])
        }
        position = mark
        let last = try parseClassScalar()
        guard first.value <= last.value else { throw failure("a range whose end is before it") }
        return ScalarSet([first.value...last.value])
    }

    private mutating func parseClassScalar() throws(PatternError) -> Unicode.Scalar {
        guard let scalar = peek else { throw failure("a character class without end") }
        position += 1
        guard scalar == "\\" else { return scalar }
        if peek == "b" {
            position += 1
            return "\u{08}"
        }
        return try parseEscapedScalar()
    }

    /// Parses `alpha:]` after `[:`; nil, and nothing consumed, for what is no such name.
    private mutating func parseBracketName() -> ScalarSet? {
        let start = position
        let isNegative = consume("^")
        var name = ""
        while let scalar = peek, scalar.properties.isAlphabetic, name.utf8.count < 16 {
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard consume(":]"), let set = ScalarSet.bracketed(named: name) else {
            position = start
            return nil
        }
        return isNegative ? set.complement : set
    }
}
