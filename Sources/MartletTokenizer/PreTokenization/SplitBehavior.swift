/// What becomes of the parts that a pattern matches when a text is split at them.
enum SplitBehavior: String, Sendable {
    case removed = "Removed"
    case isolated = "Isolated"
    case mergedWithPrevious = "MergedWithPrevious"
    case mergedWithNext = "MergedWithNext"
    case contiguous = "Contiguous"

    /// Appends the parts that are left of a text cut into `cuts`, which cover it.
    ///
    /// - Source: `NormalizedString::split` of `tokenizers` 0.23.
    func append(_ cuts: [SplitCut], to parts: inout [Range<Int>]) {
        let start = parts.count
        switch self {
        case .isolated: parts += cuts.map(\.range)
        case .removed: parts += cuts.lazy.filter { !$0.isMatch }.map(\.range)
        case .contiguous:
            merge(cuts, into: &parts) { isMatch, previous in isMatch == previous }
        case .mergedWithPrevious:
            merge(cuts, into: &parts) { isMatch, previous in isMatch && !previous }
        case .mergedWithNext:
            var previous = false
            for cut in cuts.reversed() {
                if cut.isMatch, !previous, parts.count > start {
                    let last = parts.removeLast()
                    parts.append(cut.range.lowerBound..<last.upperBound)
                } else {
                    parts.append(cut.range)
                }
                previous = cut.isMatch
            }
            parts[start...].reverse()
        }
    }

    private func merge(
        _ cuts: [SplitCut], into parts: inout [Range<Int>],
        _ joins: (_ isMatch: Bool, _ previous: Bool) -> Bool
    ) {
        let start = parts.count
        var previous = false
        for cut in cuts {
            if joins(cut.isMatch, previous), parts.count > start {
                let last = parts.removeLast()
                parts.append(last.lowerBound..<cut.range.upperBound)
            } else {
                parts.append(cut.range)
            }
            previous = cut.isMatch
        }
    }
}
