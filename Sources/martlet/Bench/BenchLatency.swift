import ArgumentParser
import MartletEngine
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

    @OptionGroup(title: "Model")
    var engineOptions: EngineOptions

    @Option(help: "Requests in a batch.")
    var batchSize = 8

    @Option(help: "Tokens in each prompt.")
    var inputLen = 32

    @Option(help: "Tokens to generate for each.")
    var outputLen = 128

    @Option(name: [.long, .customLong("num-iters-warmup")], help: "Batches before measuring.")
    var warmUpIterations = 2

    @Option(help: "Batches that are measured.")
    var numIters = 10

    @Flag(help: "End with one line of JSON.")
    var json = false

    mutating func validate() throws {
        guard [batchSize, inputLen, outputLen, numIters].allSatisfy({ (1...1_000_000) ~= $0 }),
            (0...1_000_000) ~= warmUpIterations
        else {
            throw ValidationError(
                "--batch-size, --input-len, --output-len and --num-iters must be from 1 to "
                    + "1000000, --num-iters-warmup from 0.")
        }
    }

    func run() async throws {
        let command = self
        try await CommandFailure.reporting {
            try await Interruptible.run { try await command.measure() }
        }
    }

    private func measure() async throws {
        let session = try LocalSession(engineOptions)
        let shape = LoadShape(
            concurrency: batchSize, requestCount: batchSize, inputLength: inputLen,
            outputLength: outputLen)
        try await session.withEngine { engine in
            let information = try await engine.modelConfiguration
            try BenchThroughput.check(shape, fits: information)
            let batch = EngineBatch(engine: engine, outputLength: outputLen)
            var results: [EngineBatch.Result] = []
            for iteration in 0..<(warmUpIterations + numIters) {
                let prompts = shape.prompts(
                    vocabularySize: information.vocabularySize,
                    seed: (engineOptions.seed ?? 0) &+ UInt64(iteration) &* 7919)
                let result = try await batch.run(prompts)
                let isMeasured = iteration >= warmUpIterations
                if isMeasured { results.append(result) }
                StandardError.write(
                    "\(isMeasured ? "batch" : "warm-up") \(iteration + 1) of "
                        + "\(warmUpIterations + numIters): \(result.seconds.rounded(to: 3)) s\n")
            }
            report(results)
        }
    }

    private func report(_ results: [EngineBatch.Result]) {
        let batches = LatencySummary(results.map(\.seconds))
        let firstTokens = LatencySummary(results.flatMap(\.firstTokens))
        let perTokens = LatencySummary(results.flatMap(\.perTokens))
        StandardOutput.write(
            "\(numIters) batches of \(batchSize) requests, \(inputLen) tokens in, "
                + "\(outputLen) out\n\n")
        var table = TextTable()
        table.add(LatencySummary.heads)
        table.add(batches.row("batch"))
        table.add(firstTokens.row("TTFT"))
        table.add(perTokens.row("TPOT"))
        StandardOutput.write(table.text)
        guard json else { return }
        StandardOutput.write(line: [
            "batch_size": .integer(batchSize), "input_tokens": .integer(inputLen),
            "output_tokens": .integer(outputLen), "iterations": .integer(numIters),
            "batch_ms": batches.json, "ttft_ms": firstTokens.json, "tpot_ms": perTokens.json,
        ])
    }
}
