/// Sends a load to a server, at a rate if one is given, and measures it.
struct LoadGenerator: Sendable {
    let client: CompletionClient
    let model: String
    let shape: LoadShape
    /// Prompts are of token ids below this.
    let vocabularySize: Int
    /// Seed of prompts and intervals.
    let seed: UInt64
    /// Requests begun in a second on average; nil for no pause between them.
    var requestRate: Double?

    /// - Throws: `CancellationError` when the task is cancelled. What fails otherwise is counted.
    func run() async throws -> LoadReport {
        var report = LoadReport(model: model, shape: shape)
        let prompts = shape.prompts(vocabularySize: vocabularySize, seed: seed)
        let clock = ContinuousClock()
        let start = clock.now
        var generator = SplitMix(state: seed ^ 0x5DEE_CE66)
        var due = start
        await withTaskGroup(of: Result<RequestOutcome, any Error>.self) { group in
            var openCount = 0
            for prompt in prompts where !Task.isCancelled {
                if openCount == shape.concurrency, let result = await group.next() {
                    report.add(result)
                    openCount -= 1
                }
                if let requestRate {
                    try? await clock.sleep(until: due)
                    due += .seconds(Self.interval(rate: requestRate, &generator))
                }
                group.addTask { await measure(prompt) }
                openCount += 1
            }
            for await result in group { report.add(result) }
        }
        try Task.checkCancellation()
        report.seconds = (clock.now - start).seconds
        return report
    }

    private func measure(_ prompt: [Int32]) async -> Result<RequestOutcome, any Error> {
        do {
            return .success(
                try await client.complete(
                    prompt, model: model, outputLength: shape.outputLength))
        } catch {
            return .failure(error)
        }
    }

    /// The pause before the next of requests that come independently of each other: exponential.
    private static func interval(rate: Double, _ generator: inout SplitMix) -> Double {
        let uniform = Double.random(in: 0..<1, using: &generator)
        return -logarithm(1 - uniform) / rate
    }
}
