import MartletJSON

/// The mean and percentiles of some durations.
struct LatencySummary: Sendable {
    let mean: Double
    let p50: Double
    let p90: Double
    let p99: Double

    /// - Parameter seconds: The durations; all figures are 0 where there are none.
    init(_ seconds: [Double]) {
        let sorted = seconds.sorted()
        mean = sorted.isEmpty ? 0 : sorted.reduce(0, +) / Double(sorted.count)
        p50 = Self.percentile(0.5, of: sorted)
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
            "mean": .number(mean * 1000), "p50": .number(p50 * 1000),
            "p90": .number(p90 * 1000), "p99": .number(p99 * 1000),
        ]
    }
}
