import MartletJSON

/// The mean and percentiles of some durations.
package struct LatencySummary: Sendable {
    package let mean: Double
    package let median: Double
    package let p90: Double
    package let p99: Double

    /// - Parameter seconds: The durations; all figures are 0 where there are none.
    package init(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        mean = sorted.isEmpty ? 0 : sorted.reduce(0, +) / Double(sorted.count)
        median = Self.percentile(0.5, of: sorted)
        p90 = Self.percentile(0.9, of: sorted)
        p99 = Self.percentile(0.99, of: sorted)
    }

    /// Interpolates between neighbours, as NumPy does.
    private static func percentile(_ share: Double, of sorted: [Double]) -> Double {
        guard !sorted.isEmpty else { return 0 }
        let position = share * Double(sorted.count - 1)
        let lower = Int(position)
        let upper = min(lower + 1, sorted.count - 1)
        return sorted[lower] + (sorted[upper] - sorted[lower]) * (position - Double(lower))
    }

    /// The figures in milliseconds.
    var json: JSONValue {
        [
            "mean": .number(mean * 1000), "p50": .number(median * 1000),
            "p90": .number(p90 * 1000), "p99": .number(p99 * 1000),
        ]
    }

    /// The heads of a table's columns.
    static let heads = ["ms", "mean", "median", "p90", "p99"]

    /// A row of such a table.
    func row(_ name: String) -> [String] {
        [name] + [mean, median, p90, p99].map { ($0 * 1000).rounded(to: 2).description }
    }
}
