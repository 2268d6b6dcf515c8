/// Parses the pattern language of Oniguruma, as far as tokenizers use it.
///
/// Groups capture nothing, since splitting a text needs only where matches begin and end. What is
/// left out (back references, `\G`, `\K`, `\X`, absent operators, conditionals) is refused by name.
///
/// - Source: Oniguruma's documentation of its regular expressions, syntax `ONIG_SYNTAX_ONIGURUMA`.
struct PatternParser {
    /// Switches of `(?imx)`.
    struct Options {
        var ignoresCase = false
        var dotMatchesNewline = false
        var isExtended = false
    }

    static let maximumDepth = 100
    static let maximumLength = 100_000

    let scalars: [Unicode.Scalar]
    var position = 0
    var options = Options()
    private var depth = 0

    static func parse(_ text: String) throws(PatternError) -> PatternNode {
        var parser = PatternParser(scalars: Array(text.unicodeScalars))
        guard parser.scalars.count <= maximumLength else {
            throw parser.failure("a pattern of more than \(maximumLength) characters")
        }
        let node = try parser.parseAlternation()
        guard parser.position == parser.scalars.count else {
            throw parser.failure("unbalanced parenthesis")
        }
        return node
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
    }

    func failure(_ reason: String) -> PatternError {
        PatternError(offset: position, reason: reason)
    }

    var peek: Unicode.Scalar? {
        position < scalars.count ? scalars[position] : nil
    }

    /// Moves past `text` if it comes next.
    mutating func consume(_ text: String) -> Bool {
        let wanted = text.unicodeScalars
        guard position + wanted.count <= scalars.count,
            zip(wanted, scalars[position...]).allSatisfy({ $0 == $1 })
        else { return false }
        position += wanted.count
        return true
    }

    mutating func enter() throws(PatternError) {
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw failure("more than \(Self.maximumDepth) nested groups")
        }
    }

    mutating func leave() {
        depth -= 1
    }

    /// Parses up to a closing parenthesis or the end. Options set inside end with the group.
    mutating func parseAlternation() throws(PatternError) -> PatternNode {
        let outer = options
        defer { options = outer }
        var alternatives = [try parseSequence()]
        while consume("|") { alternatives.append(try parseSequence()) }
        return alternatives.count == 1 ? alternatives[0] : .alternation(alternatives)
    }

    private mutating func parseSequence() throws(PatternError) -> PatternNode {
        var nodes: [PatternNode] = []
        while let scalar = peek, scalar != "|", scalar != ")" {
            if options.isExtended, skipExtendedBlank(scalar) { continue }
            guard var node = try parseAtom() else { continue }
            while let repeated = try parseQuantifier(of: node) { node = repeated }
            nodes.append(node)
        }
        return nodes.count == 1 ? nodes[0] : .sequence(nodes)
    }

    private mutating func skipExtendedBlank(_ scalar: Unicode.Scalar) -> Bool {
        if scalar == "#" {
            while let next = peek, next != "\n" { position += 1 }
            return true
        }
        guard scalar.properties.isWhitespace else { return false }
        position += 1
        return true
    }

    /// Parses what a quantifier may follow; nil for what leaves nothing behind: comments, options.
    private mutating func parseAtom() throws(PatternError) -> PatternNode? {
        guard let scalar = peek else { return nil }
        switch scalar {
        case "(": return try parseGroup()
        case "[":
            position += 1
            return .set(try parseClass())
        case "\\": return try parseEscape()
        case "*", "+", "?": throw failure("a quantifier with nothing to repeat")
        default: break
        }
        position += 1
        switch scalar {
        case ".":
            return .set(options.dotMatchesNewline ? .all : ScalarSet.newline.complement)
        case "^": return .assertion(.lineStart)
        case "$": return .assertion(.lineEnd)
        default: return literal(scalar)
        }
    }

    /// A scalar that stands for itself, or for its case variants where case is ignored.
    func literal(_ scalar: Unicode.Scalar) -> PatternNode {
        guard options.ignoresCase else { return .literal(scalar) }
        let variants = ScalarSet(scalar.value).ignoringCase
        return variants.onlyMember == nil ? .set(variants) : .literal(scalar)
    }
}
