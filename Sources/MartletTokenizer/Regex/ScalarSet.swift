/// A set of Unicode scalar values, kept as sorted, disjoint, non-adjacent ranges.
///
/// Character classes are computed with set algebra once, when a pattern is compiled; matching
/// uses the bitmaps of ``PatternProgram``, never this type.
struct ScalarSet: Hashable, Sendable {
    /// Inclusive ranges in ascending order with a gap between neighbours.
    private(set) var ranges: [ClosedRange<UInt32>]

    static let empty = ScalarSet(sorted: [])
    static let all = ScalarSet(sorted: [0...0x10FFFF])

    private init(sorted ranges: [ClosedRange<UInt32>]) {
        self.ranges = ranges
    }

    /// Creates the set of all scalars in `ranges`, which may overlap and come in any order.
    init(_ ranges: [ClosedRange<UInt32>]) {
        self.ranges = []
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    init(_ scalar: UInt32) {
        ranges = [scalar...scalar]
    }

    /// Adds a range that begins at or after the beginning of the last one.
    private mutating func append(_ range: ClosedRange<UInt32>) {
        guard let last = ranges.last, range.lowerBound <= last.upperBound &+ 1 else {
            ranges.append(range)
            return
        }
        let upperBound = max(last.upperBound, range.upperBound)
        ranges[ranges.count - 1] = last.lowerBound...upperBound
    }

    var isEmpty: Bool { ranges.isEmpty }

    /// The only member, where there is exactly one.
    var onlyMember: UInt32? {
        guard ranges.count == 1, let range = ranges.first,
            range.lowerBound == range.upperBound
        else { return nil }
        return range.lowerBound
    }

    func contains(_ scalar: UInt32) -> Bool {
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].lowerBound <= scalar
    }

    /// Everything that is not in the set.
    var complement: ScalarSet {
        var result: [ClosedRange<UInt32>] = []
        var next: UInt32 = 0
        for range in ranges {
            if range.lowerBound > next { result.append(next...(range.lowerBound - 1)) }
            next = range.upperBound + 1
        }
        if next <= 0x10FFFF { result.append(next...0x10FFFF) }
        return ScalarSet(sorted: result)
    }

    func union(_ other: ScalarSet) -> ScalarSet {
        if isEmpty { return other }
        return other.isEmpty ? self : ScalarSet(ranges + other.ranges)
    }

    func intersection(_ other: ScalarSet) -> ScalarSet {
        complement.union(other.complement).complement
    }

    func subtracting(_ other: ScalarSet) -> ScalarSet {
        intersection(other.complement)
    }
}
