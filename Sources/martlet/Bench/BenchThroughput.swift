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
        try await CommandFailure.reporting {
            let session = try LocalSession(engineOptions)
            try await session.withEngine { engine in
                let information = try await engine.modelConfiguration
                let prompts = load.prompts(
                    vocabularySize: information.vocabularySize, seed: engineOptions.seed ?? 0)
                let clock = ContinuousClock()
                let start = clock.now
                let counts = try await generate(prompts, with: engine)
                report(counts, seconds: (clock.now - start).seconds)
            }
        }
    }

    private struct Counts {
        var prompt = 0
        var output = 0
    }

    private func generate(_ prompts: [[Int32]], with engine: AsyncEngine) async throws -> Counts {
        try await withThrowingTaskGroup(of: GenerationResult.self) { group in
            for prompt in prompts {
                var sampling = SamplingParameters()
                sampling.temperature = 0
                sampling.ignoresEndOfSequence = true
                sampling.maximumTokenCount = load.outputLen
                let request = GenerationRequest(prompt: .tokens(prompt), sampling: sampling)
                group.addTask { try await engine.generate(request).collect() }
            }
            var counts = Counts()
            for try await result in group {
                counts.prompt += result.promptTokenIDs.count
                counts.output += result.completions.reduce(0) { $0 + $1.tokenIDs.count }
            }
            return counts
        }
    }

    private func report(_ counts: Counts, seconds: Double) {
        let total = Double(counts.prompt + counts.output) / seconds
        let output = Double(counts.output) / seconds
        StandardOutput.write(
            """
            \(load.numPrompts) requests of \(load.inputLen) in, \(load.outputLen) out: \
            \(seconds.rounded(to: 2)) s
            \(total.rounded(to: 1)) tokens/s, \(output.rounded(to: 1)) of them output

            """)
        guard json else { return }
        let line: JSONValue = [
            "requests": .integer(load.numPrompts), "elapsed_seconds": .number(seconds),
            "prompt_tokens": .integer(counts.prompt), "output_tokens": .integer(counts.output),
            "total_tokens_per_second": .number(total),
            "output_tokens_per_second": .number(output),
        ]
        StandardOutput.write(String(decoding: line.serialized, as: UTF8.self) + "\n")
    }
}

extension Duration {
    /// The duration in seconds.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) * 1e-18
    }
}

extension Double {
    /// The value with this many decimals at most.
    func rounded(to decimals: Int) -> Double {
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        return (self * scale).rounded() / scale
    }
}
