import OrderedCollections

/// Metrics in the text format that Prometheus and its kin read, version 0.0.4.
///
/// Several engines add to one text: what belongs to one metric stands together, and is explained
/// once. Counters get the suffix `_total`.
///
/// - Source: Prometheus documentation, "Exposition formats".
public struct PrometheusText: Sendable {
    /// The type of the document on the wire.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    private struct Family {
        let header: String
        var samples = ""
    }

    private var families: OrderedDictionary<String, Family> = [:]

    /// An empty document.
    public init() {}

    /// The document.
    public var text: String {
        families.values.reduce(into: "") { $0 += $1.header + $1.samples }
    }

    /// Adds a value that goes up and down.
    public mutating func gauge(
        _ name: String, _ help: String, _ labels: PrometheusLabels, _ value: Double
    ) {
        add("\(name)\(labels.text) \(Self.number(value))\n", to: name, "gauge", help)
    }

    /// Adds a value that only goes up.
    public mutating func counter(
        _ name: String, _ help: String, _ labels: PrometheusLabels, _ value: Int
    ) {
        let name = name.hasSuffix("_total") ? name : "\(name)_total"
        add("\(name)\(labels.text) \(Self.number(Double(value)))\n", to: name, "counter", help)
    }

    /// Adds facts as labels of a gauge that is 1. The same facts are not repeated.
    public mutating func info(_ name: String, _ help: String, _ labels: PrometheusLabels) {
        let sample = "\(name)\(labels.text) 1.0\n"
        if let family = families[name], family.samples.contains(sample) { return }
        add(sample, to: name, "gauge", help)
    }

    /// Adds a distribution.
    public mutating func histogram(
        _ name: String, _ help: String, _ labels: PrometheusLabels, _ histogram: Histogram
    ) {
        var text = ""
        text.reserveCapacity(100 * (histogram.counts.count + 2))
        var count = 0
        let (before, after) = labels.text(around: "le")
        let (bucket, end) = ("\(name)_bucket\(before)", "\(after) ")
        let bounds = histogram.bounds.map(Self.number) + ["+Inf"]
        for (bound, bucketCount) in zip(bounds, histogram.counts) {
            count += bucketCount
            for part in [bucket, bound, end, String(count), ".0\n"] { text += part }
        }
        text += "\(name)_count\(labels.text) \(count).0\n"
        text += "\(name)_sum\(labels.text) \(Self.number(histogram.sum))\n"
        add(text, to: name, "histogram", help)
    }

    private mutating func add(
        _ samples: String, to name: String, _ kind: String, _ help: String
    ) {
        let header = "# HELP \(name) \(Self.escaped(help))\n# TYPE \(name) \(kind)\n"
        families[name, default: Family(header: header)].samples += samples
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return "\(value)"
    }

    private static func escaped(_ help: String) -> String {
        help.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
            .split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
    }
}
