/// The syntax tree of a pattern.
indirect enum PatternNode: Sendable {
    /// One scalar, which must match exactly.
    case literal(Unicode.Scalar)
    /// One scalar out of a set.
    case set(ScalarSet)
    case sequence([PatternNode])
    /// The first alternative that leads to a match wins.
    case alternation([PatternNode])
    case repetition(PatternNode, count: ClosedRange<Int>, mode: RepetitionMode)
    case lookahead(PatternNode, isNegative: Bool)
    case lookbehind(PatternNode, isNegative: Bool)
    /// A group that is never re-entered once it has matched.
    case atomic(PatternNode)
    case assertion(PatternAssertion)
}

extension PatternNode {
    /// The upper bound that stands for "any number of times".
    static let unbounded = Int(Int32.max)

    /// The node as a set, where it always matches exactly one scalar.
    var singleScalar: ScalarSet? {
        switch self {
        case .literal(let scalar): ScalarSet(scalar.value)
        case .set(let set): set
        case .sequence(let nodes) where nodes.count == 1: nodes[0].singleScalar
        case .alternation(let nodes) where nodes.count == 1: nodes[0].singleScalar
        default: nil
        }
    }

    /// The scalars a match can begin with; nil when it can be empty, so that nothing is known.
    var firstScalars: ScalarSet? {
        switch self {
        case .literal(let scalar): return ScalarSet(scalar.value)
        case .set(let set): return set
        case .sequence(let nodes):
            var result = ScalarSet.empty
            for node in nodes {
                let (set, canBeEmpty) = node.leading
                result = result.union(set)
                if !canBeEmpty { return result }
            }
            return nil
        case .alternation(let nodes):
            var result = ScalarSet.empty
            for node in nodes {
                guard let set = node.firstScalars else { return nil }
                result = result.union(set)
            }
            return result
        case .repetition(let node, let count, _):
            return count.lowerBound > 0 ? node.firstScalars : nil
        case .atomic(let node): return node.firstScalars
        case .lookahead, .lookbehind, .assertion: return nil
        }
    }

    /// What a sequence can begin with because of this element, and whether the next element can
    /// begin the match too. Assertions add nothing and pass the question on.
    private var leading: (ScalarSet, canBeEmpty: Bool) {
        if let set = firstScalars { return (set, false) }
        switch self {
        case .lookahead, .lookbehind, .assertion: return (.empty, true)
        case .repetition(let node, _, _):
            guard let set = node.firstScalars else { return (.all, true) }
            return (set, true)
        default: return (.all, true)
        }
    }

    /// How many scalars every match has; nil where that varies.
    var fixedLength: Int? {
        switch self {
        case .literal, .set: return 1
        case .sequence(let nodes):
            var sum = 0
            for node in nodes {
                guard let length = node.fixedLength else { return nil }
                sum += length
            }
            return sum
        case .alternation(let nodes):
            guard let length = nodes.first?.fixedLength,
                nodes.allSatisfy({ $0.fixedLength == length })
            else { return nil }
            return length
        case .repetition(let node, let count, _):
            guard count.lowerBound == count.upperBound, let length = node.fixedLength
            else { return nil }
            let (product, overflow) = length.multipliedReportingOverflow(by: count.lowerBound)
            return overflow ? nil : product
        case .atomic(let node): return node.fixedLength
        case .lookahead, .lookbehind, .assertion: return 0
        }
    }
}
