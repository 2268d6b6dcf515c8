import ArgumentParser
import MartletEngine
import MartletJSON

/// `martlet bench throughput`.
struct BenchThroughput: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughput",
        abstract: "Measure how many tokens an engine in this process generates.")

    @OptionGroup(title: "Model")
    var engineOptions: EngineOptions

    @OptionGroup(title: "Load")
    var load: LoadOptions

    @Flag(help: "End with one line of JSON.")
    var json = false

    func run() async throws {
        let command = self
        try await CommandFailure.reporting {
            try await Interruptible.run { try await command.measure() }
        }
    }

    private func measure() async throws {
        let session = try LocalSession(engineOptions)
        try await session.withEngine { engine in
            let information = try await engine.modelConfiguration
            let shape = load.shape(concurrency: nil)
            try Self.check(shape, fits: information)
            let prompts = shape.prompts(
                vocabularySize: information.vocabularySize, seed: engineOptions.seed ?? 0)
            let batch = EngineBatch(engine: engine, outputLength: shape.outputLength)
            report(try await batch.run(prompts), stepCount: engine.statistics.stepCount)
        }
    }

    /// Requests that are too long would each fail with an error of their own.
    static func check(_ shape: LoadShape, fits information: ModelInformation) throws {
        let length = shape.inputLength + shape.outputLength
        guard length > information.maximumModelLength else { return }
        throw CommandFailure.report(
            "\(shape.inputLength) tokens in and \(shape.outputLength) out are more than the "
                + "\(information.maximumModelLength) that the model takes; lower --input-len or "
                + "--output-len")
    }

    private func report(_ result: EngineBatch.Result, stepCount: Int) {
        let promptCount = load.numPrompts * load.inputLen
        let output = Double(result.outputTokenCount) / result.seconds
        let total = Double(promptCount + result.outputTokenCount) / result.seconds
        StandardOutput.write(
            """
            \(load.numPrompts) requests of \(load.inputLen) in, \(load.outputLen) out: \
            \(result.seconds.rounded(to: 2)) s
            \(total.rounded(to: 1)) tokens/s, \(output.rounded(to: 1)) of them output

            """)
        guard json else { return }
        StandardOutput.write(line: [
            "requests": .integer(load.numPrompts), "elapsed_seconds": .number(result.seconds),
            "prompt_tokens": .integer(promptCount),
            "output_tokens": .integer(result.outputTokenCount), "steps": .integer(stepCount),
            "total_tokens_per_second": .number(total),
            "output_tokens_per_second": .number(output),
        ])
    }
}
