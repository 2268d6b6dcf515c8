import ArgumentParser
import MartletJSON

/// `martlet bench latency`.
struct BenchLatency: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "latency",
        abstract: "Measure how long an engine in this process takes for one batch.",
        discussion: """
            The same batch size again and again, one batch at a time, each of new random prompts. \
            TTFT is the time to a request's first token, TPOT its mean time for a token after it.
            """)

    @OptionGroup
    var benchmark: EngineBenchmark<BatchOptions>

    func run() async throws {
        let load = benchmark.load
        try await benchmark.run { batch in
            var results: [EngineBatch.Result] = []
            let count = load.warmUpIterations + load.numIters
            for iteration in 0..<count {
                let result = try await batch.run(iteration: iteration)
                let isMeasured = iteration >= load.warmUpIterations
                if isMeasured { results.append(result) }
                StandardError.write(
                    "\(isMeasured ? "batch" : "warm-up") \(iteration + 1) of \(count): "
                        + "\(result.seconds.rounded(to: 3)) s\n")
            }
            return Self.report(load, results)
        }
    }

    private static func report(
        _ load: BatchOptions, _ results: [EngineBatch.Result]
    ) -> EngineBenchmark<BatchOptions>.Report {
        let batches = LatencySummary(results.map(\.seconds))
        let firstTokens = LatencySummary(results.flatMap(\.firstTokens))
        let perTokens = LatencySummary(results.flatMap(\.perTokens))
        var table = TextTable()
        table.add(LatencySummary.heads)
        table.add(batches.row("batch"))
        table.add(firstTokens.row("TTFT"))
        table.add(perTokens.row("TPOT"))
        let text = """
            \(load.numIters) batches of \(load.batchSize) requests, \(load.inputLen) tokens in, \
            \(load.outputLen) out

            \(table.text)
            """
        let json: JSONValue = [
            "batch_size": .integer(load.batchSize), "input_tokens": .integer(load.inputLen),
            "output_tokens": .integer(load.outputLen), "iterations": .integer(load.numIters),
            "batch_ms": batches.json, "ttft_ms": firstTokens.json, "tpot_ms": perTokens.json,
        ]
        return (text, json)
    }
}
