/// What the log says about an engine every few seconds, from its totals before and now.
///
/// - Source: vLLM's log line, word for word, since people search logs for it.
public struct ThroughputLine: Hashable, Sendable, CustomStringConvertible {
    /// Tokens of prompts per second.
    public let promptThroughput: Double
    /// Generated tokens per second.
    public let generationThroughput: Double
    /// The share of prompt tokens found in the prefix cache, 0 to 1: of those looked up in between,
    /// or, where none were, of all.
    public let prefixCacheHitRate: Double
    let preemptionCount: Int
    let gauges: EngineGauges
    let engine: Int

    /// - Parameters:
    ///   - previous: What was read before.
    ///   - current: What is read now.
    ///   - duration: The time between the two.
    ///   - engine: The engine's number among those of one model.
    public init(
        from previous: (totals: EngineTotals, gauges: EngineGauges),
        to current: (totals: EngineTotals, gauges: EngineGauges), duration: Duration,
        engine: Int = 0
    ) {
        let seconds = duration.seconds
        func rate(_ count: KeyPath<EngineTotals, Int>) -> Double {
            let growth = current.totals[keyPath: count] - previous.totals[keyPath: count]
            return seconds > 0 ? Double(growth) / seconds : 0
        }
        promptThroughput = rate(\.promptTokenCount)
        generationThroughput = rate(\.generationTokenCount)
        preemptionCount = current.totals.preemptionCount - previous.totals.preemptionCount
        let queries =
            current.gauges.prefixCacheQueryCount - previous.gauges.prefixCacheQueryCount
        let hits = current.gauges.prefixCacheHitCount - previous.gauges.prefixCacheHitCount
        prefixCacheHitRate =
            queries > 0
            ? Double(hits) / Double(queries) : current.gauges.prefixCacheHitRate
        gauges = current.gauges
        self.engine = engine
    }

    /// Whether there is nothing to say, so that the line belongs on the level for debugging.
    public var isIdle: Bool {
        promptThroughput == 0 && generationThroughput == 0 && gauges.runningCount == 0
            && gauges.waitingCount == 0
    }

    /// The line.
    public var description: String {
        let number = String(engine)
        var parts = [
            "Avg prompt throughput: \(Self.decimal(promptThroughput)) tokens/s",
            "Avg generation throughput: \(Self.decimal(generationThroughput)) tokens/s",
            "Running: \(gauges.runningCount) reqs", "Waiting: \(gauges.waitingCount) reqs",
        ]
        if gauges.deferredCount > 0 { parts.append("Deferred: \(gauges.deferredCount) reqs") }
        if preemptionCount > 0 { parts.append("Preemptions: \(preemptionCount)") }
        parts += [
            "GPU KV cache usage: \(Self.decimal(gauges.cacheUsage * 100))%",
            "Prefix cache hit rate: \(Self.decimal(prefixCacheHitRate * 100))%",
        ]
        let padding = String(repeating: "0", count: max(0, 3 - number.count))
        return "Engine \(padding)\(number): " + parts.joined(separator: ", ")
    }

    /// With one decimal.
    private static func decimal(_ value: Double) -> String {
        let tenths = (value * 10).rounded() / 10
        return "\(tenths)"
    }
}
