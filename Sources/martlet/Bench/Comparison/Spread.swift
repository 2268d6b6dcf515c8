/// The middle and the ends of some figures.
package struct Spread: Hashable, Sendable {
    package let median: Double
    package let least: Double
    package let greatest: Double

    /// Nil where there are no figures.
    package init?(_ figures: [Double]) {
        let sorted = figures.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        least = first
        greatest = last
        let middle = sorted.count / 2
        median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    /// `129.3 (120.1 to 131)`.
    package var text: String {
        let figures = [median, least, greatest].map(Self.text)
        return least == greatest ? figures[0] : "\(figures[0]) (\(figures[1]) to \(figures[2]))"
    }

    /// Three significant digits at least, without needless ones.
    private static func text(_ value: Double) -> String {
        let size = value.magnitude
        if size == 0 || (1000..<1e15) ~= size { return "\(Int(value.rounded()))" }
        let decimals = size < 0.1 ? 4 : size < 10 ? 2 : 1
        return value.rounded(to: decimals).description
    }
}
