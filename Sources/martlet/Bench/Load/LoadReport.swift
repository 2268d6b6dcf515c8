import MartletJSON

/// What a load came to.
package struct LoadReport: Sendable {
    package let model: String
    package let shape: LoadShape
    /// From the first request's beginning to the last one's end.
    package var seconds = 0.0
    package private(set) var completedCount = 0
    /// What failed, and how often.
    package private(set) var failures: [String: Int] = [:]
    package private(set) var promptTokenCount = 0
    package private(set) var outputTokenCount = 0
    /// Answers whose tokens were not told, and are counted by chunks.
    package private(set) var unreportedCount = 0
    /// Answers of another length than asked for.
    package private(set) var otherLengthCount = 0
    private var firstTokens: [Double] = []
    private var perTokens: [Double] = []
    private var intervals: [Double] = []
    private var durations: [Double] = []

    package init(model: String, shape: LoadShape) {
        self.model = model
        self.shape = shape
    }

    package mutating func add(_ result: Result<RequestOutcome, any Error>) {
        switch result {
        case .failure(let error): failures["\(error)", default: 0] += 1
        case .success(let outcome):
            completedCount += 1
            promptTokenCount += outcome.promptTokenCount
            outputTokenCount += outcome.outputTokenCount
            unreportedCount += outcome.reportedTokenCount == nil ? 1 : 0
            otherLengthCount += outcome.outputTokenCount == shape.outputLength ? 0 : 1
            durations.append(outcome.duration)
            firstTokens += [outcome.firstToken].compactMap { $0 }
            perTokens += [outcome.perOutputToken].compactMap { $0 }
            intervals += outcome.intervals
        }
    }

    package var failedCount: Int { failures.values.reduce(0, +) }

    /// What most requests failed of; nil where none did.
    package var commonestFailure: String? {
        failures.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key
    }

    /// The time to the first token.
    package var timeToFirstToken: LatencySummary { LatencySummary(firstTokens) }
    /// Each request's mean time for a token after the first.
    package var timePerOutputToken: LatencySummary { LatencySummary(perTokens) }
    /// The time between two chunks of output.
    package var interTokenLatency: LatencySummary { LatencySummary(intervals) }
    /// The time to the end of the answer.
    package var endToEnd: LatencySummary { LatencySummary(durations) }

    package var requestsPerSecond: Double { perSecond(completedCount) }
    package var outputTokensPerSecond: Double { perSecond(outputTokenCount) }
    package var totalTokensPerSecond: Double { perSecond(promptTokenCount + outputTokenCount) }

    private func perSecond(_ count: Int) -> Double {
        seconds > 0 ? Double(count) / seconds : 0
    }
}
