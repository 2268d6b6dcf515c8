extension PatternParser {
    static let maximumRepetition = 100_000

    /// Wraps `node` in the quantifier that comes next; nil where none does.
    mutating func parseQuantifier(of node: PatternNode) throws(PatternError) -> PatternNode? {
        let start = position
        let count: ClosedRange<Int>
        if consume("*") {
            count = 0...PatternNode.unbounded
        } else if consume("+") {
            count = 1...PatternNode.unbounded
        } else if consume("?") {
            count = 0...1
        } else if let interval = try parseInterval() {
            return repeatInInterval(node, interval)
        } else {
            position = start
            return nil
        }
        if consume("?") { return .repetition(node, count: count, mode: .lazy) }
        if consume("+") { return .repetition(node, count: count, mode: .possessive) }
        return .repetition(node, count: count, mode: .greedy)
    }

    /// `{n}?` makes the whole optional, as in Ruby; a `+` after an interval repeats it.
    private mutating func repeatInInterval(
        _ node: PatternNode, _ count: ClosedRange<Int>
    ) -> PatternNode {
        guard consume("?") else { return .repetition(node, count: count, mode: .greedy) }
        guard count.lowerBound == count.upperBound else {
            return .repetition(node, count: count, mode: .lazy)
        }
        let exact = PatternNode.repetition(node, count: count, mode: .greedy)
        return .repetition(exact, count: 0...1, mode: .greedy)
    }

    /// Parses `{n}`, `{n,}`, `{,m}` or `{n,m}`. Anything else in braces is text.
    private mutating func parseInterval() throws(PatternError) -> ClosedRange<Int>? {
        guard consume("{") else { return nil }
        let lower = try parseNumber()
        guard consume(",") else {
            guard let lower, consume("}") else { return nil }
            return lower...lower
        }
        let upper = try parseNumber()
        guard consume("}"), lower != nil || upper != nil else { return nil }
        guard (lower ?? 0) <= (upper ?? PatternNode.unbounded) else {
            throw failure("an interval whose end is before its beginning")
        }
        return (lower ?? 0)...(upper ?? PatternNode.unbounded)
    }

    private mutating func parseNumber() throws(PatternError) -> Int? {
        var value: Int?
        while let scalar = peek, let digit = Character(scalar).wholeNumberValue, scalar.isASCII {
            let next = (value ?? 0) * 10 + digit
            guard next <= Self.maximumRepetition else {
                throw failure("more than \(Self.maximumRepetition) repetitions")
            }
            value = next
            position += 1
        }
        return value
    }
}
