import MartletJSON

/// What a load came to.
struct LoadReport: Sendable {
    let model: String
    let requestCount: Int
    var seconds = 0.0
    private(set) var completedCount = 0
    private(set) var firstError: String?
    private var promptTokenCount = 0
    private var outputTokenCount = 0
    private var firstTokens: [Double] = []
    private var intervals: [Double] = []
    private var durations: [Double] = []

    init(model: String, requestCount: Int) {
        self.model = model
        self.requestCount = requestCount
    }

    mutating func add(_ result: Result<CompletionClient.Outcome, any Error>) {
        switch result {
        case .failure(let error): firstError = firstError ?? "\(error)"
        case .success(let outcome):
            completedCount += 1
            promptTokenCount += outcome.promptTokenCount
            outputTokenCount += outcome.outputTokenCount
            durations.append(outcome.duration)
            if let first = outcome.arrivals.first { firstTokens.append(first) }
            intervals += zip(outcome.arrivals.dropFirst(), outcome.arrivals).map { $0 - $1 }
        }
    }

    private var latencies: [(name: String, summary: LatencySummary)] {
        [
            ("TTFT", LatencySummary(firstTokens)), ("ITL", LatencySummary(intervals)),
            ("E2E", LatencySummary(durations)),
        ]
    }

    private func perSecond(_ count: Int) -> Double {
        seconds > 0 ? Double(count) / seconds : 0
    }

    /// The report for people.
    var table: String {
        var text = "\(completedCount) of \(requestCount) requests to \(model) in "
        text += "\(seconds.rounded(to: 2)) s\n"
        if let firstError { text += "first failure: \(firstError)\n" }
        text += "\(perSecond(completedCount).rounded(to: 2)) requests/s, "
        text += "\(perSecond(outputTokenCount).rounded(to: 1)) output tokens/s, "
        text += "\(perSecond(promptTokenCount + outputTokenCount).rounded(to: 1)) tokens/s\n\n"
        text += Self.row(["ms", "mean", "p50", "p90", "p99"])
        for (name, summary) in latencies {
            let values = [summary.mean, summary.p50, summary.p90, summary.p99]
            text += Self.row([name] + values.map { ($0 * 1000).rounded(to: 2).description })
        }
        return text
    }

    private static func row(_ cells: [String]) -> String {
        cells.map { String(repeating: " ", count: max(0, 11 - $0.count)) + $0 }.joined() + "\n"
    }

    /// The report for scripts.
    var json: JSONValue {
        [
            "model": .string(model), "requests": .integer(requestCount),
            "completed": .integer(completedCount), "elapsed_seconds": .number(seconds),
            "prompt_tokens": .integer(promptTokenCount),
            "output_tokens": .integer(outputTokenCount),
            "requests_per_second": .number(perSecond(completedCount)),
            "output_tokens_per_second": .number(perSecond(outputTokenCount)),
            "total_tokens_per_second": .number(perSecond(promptTokenCount + outputTokenCount)),
            "ttft_ms": LatencySummary(firstTokens).json,
            "itl_ms": LatencySummary(intervals).json, "e2e_ms": LatencySummary(durations).json,
        ]
    }
}
