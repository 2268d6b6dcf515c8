import ArgumentParser
import MartletEngine
import MartletJSON

/// `martlet bench throughput`.
struct BenchThroughput: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughput",
        abstract: "Measure how many tokens an engine in this process generates.")

    @OptionGroup
    var benchmark: EngineBenchmark<LoadOptions>

    func run() async throws {
        try await benchmark.run { batch in
            let result = try await batch.run()
            return Self.report(
                batch.shape, result, stepCount: batch.engine.statistics.stepCount)
        }
    }

    private static func report(
        _ shape: LoadShape, _ result: EngineBatch.Result, stepCount: Int
    ) -> EngineBenchmark<LoadOptions>.Report {
        let promptCount = shape.requestCount * shape.inputLength
        let output = Double(result.outputTokenCount) / result.seconds
        let total = Double(promptCount + result.outputTokenCount) / result.seconds
        let text = """
            \(shape.requestCount) requests of \(shape.inputLength) in, \(shape.outputLength) out: \
            \(result.seconds.rounded(to: 2)) s
            \(total.rounded(to: 1)) tokens/s, \(output.rounded(to: 1)) of them output

            """
        let json: JSONValue = [
            "requests": .integer(shape.requestCount), "elapsed_seconds": .number(result.seconds),
            "prompt_tokens": .integer(promptCount),
            "output_tokens": .integer(result.outputTokenCount), "steps": .integer(stepCount),
            "total_tokens_per_second": .number(total),
            "output_tokens_per_second": .number(output),
        ]
        return (text, json)
    }
}
