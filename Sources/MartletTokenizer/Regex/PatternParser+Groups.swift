extension PatternParser {
    /// Parses a group, a look-around, a comment or an option switch; `position` is at `(`.
    mutating func parseGroup() throws(PatternError) -> PatternNode? {
        try enter()
        defer { leave() }
        position += 1
        guard consume("?") else { return try parseBody() }
        if consume("#") { return try skipComment() }
        if consume(":") { return try parseBody() }
        if consume("=") { return .lookahead(try parseBody(), isNegative: false) }
        if consume("!") { return .lookahead(try parseBody(), isNegative: true) }
        if consume(">") { return .atomic(try parseBody()) }
        if consume("<=") { return .lookbehind(try parseBody(), isNegative: false) }
        if consume("<!") { return .lookbehind(try parseBody(), isNegative: true) }
        if consume("<") || consume("P<") { return try parseNamedBody(closing: ">") }
        if consume("'") { return try parseNamedBody(closing: "'") }
        return try parseOptions()
    }

    private mutating func parseBody() throws(PatternError) -> PatternNode {
        let node = try parseAlternation()
        guard consume(")") else { throw failure("a group without end") }
        return node
    }

    private mutating func parseNamedBody(
        closing: Unicode.Scalar
    ) throws(PatternError) -> PatternNode {
        while let scalar = peek, scalar != closing { position += 1 }
        guard peek == closing else { throw failure("a group name without end") }
        position += 1
        return try parseBody()
    }

    private mutating func skipComment() throws(PatternError) -> PatternNode? {
        while let scalar = peek {
            position += scalar == "\\" ? 2 : 1
            if scalar == ")" { return nil }
        }
        throw failure("a comment without end")
    }

    /// Parses `(?i)`, which holds until the group around it ends, or `(?i-m:...)`.
    private mutating func parseOptions() throws(PatternError) -> PatternNode? {
        let outer = options
        var isOn = true
        while let scalar = peek {
            switch scalar {
            case "-": isOn = false
            case "i": options.ignoresCase = isOn
            case "m", "s": options.dotMatchesNewline = isOn
            case "x": options.isExtended = isOn
            case ")":
                // The rest of the group, alternatives included, is under the new options.
                position += 1
                return try parseAlternation()
            case ":":
                position += 1
                let node = try parseBody()
                options = outer
                return node
            default: throw failure("unsupported group (?\(Character(scalar))")
            }
            position += 1
        }
        throw failure("a group without end")
    }
}
