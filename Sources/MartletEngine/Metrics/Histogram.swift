/// Counts values in fixed buckets, and sums them up.
public struct Histogram: Hashable, Sendable {
    /// The largest value of each bucket, ascending. Larger values are only in the total.
    public let bounds: [Double]
    /// How many values each bucket has, those of smaller buckets not included; the last one is of
    /// values beyond all bounds.
    public private(set) var counts: [Int]
    /// The sum of all values.
    public private(set) var sum = 0.0

    /// An empty histogram.
    ///
    /// - Parameter bounds: Must ascend.
    public init(bounds: [Double]) {
        precondition(
            zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }, "bounds must ascend")
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many values there are.
    public var count: Int { counts.reduce(0, +) }

    /// Takes in a value. What is no number is passed over.
    public mutating func observe(_ value: Double) {
        guard !value.isNaN else { return }
        var range = 0..<bounds.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range =
                bounds[middle] < value
                ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        counts[range.lowerBound] += 1
        sum += value
    }

    /// The same values without the bounds above `limit`.
    func cut(above limit: Double) -> Histogram {
        var result = Histogram(bounds: Array(bounds.prefix { $0 <= limit }))
        let kept = result.bounds.count
        result.counts = Array(counts[..<kept]) + [counts[kept...].reduce(0, +)]
        result.sum = sum
        return result
    }

    /// Takes in a time, in seconds.
    public mutating func observe(_ duration: Duration) {
        observe(duration.seconds)
    }
}
