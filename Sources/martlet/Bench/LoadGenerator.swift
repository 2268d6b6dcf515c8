/// Sends requests at a rate, with a bound on how many are open, and measures them.
struct LoadGenerator: Sendable {
    let client: CompletionClient
    let model: String
    let prompts: [[Int32]]
    let outputLength: Int
    let concurrency: Int
    /// Requests begun in a second on average; nil for no pause between them.
    let requestRate: Double?
    let seed: UInt64

    func run() async -> LoadReport {
        var report = LoadReport(model: model, requestCount: prompts.count)
        let clock = ContinuousClock()
        let start = clock.now
        var generator = SplitMix(state: seed ^ 0x5DEE_CE66)
        var due = start
        await withTaskGroup(of: Result<CompletionClient.Outcome, any Error>.self) { group in
            var openCount = 0
            for prompt in prompts {
                if openCount == concurrency, let result = await group.next() {
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
        report.seconds = (clock.now - start).seconds
        return report
    }

    private func measure(_ prompt: [Int32]) async -> Result<CompletionClient.Outcome, any Error> {
        do {
            return .success(
                try await client.complete(prompt, model: model, outputLength: outputLength))
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
