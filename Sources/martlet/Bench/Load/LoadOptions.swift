import ArgumentParser

/// The requests that a benchmark makes.
struct LoadOptions: EngineLoad {
    @Option(help: "Number of requests.")
    var numPrompts = 100

    @Option(
        name: [.long, .customLong("random-input-len")], help: "Tokens in each prompt.")
    var inputLen = 128

    @Option(
        name: [.long, .customLong("random-output-len")], help: "Tokens to generate for each.")
    var outputLen = 64

    mutating func validate() throws {
        let counts = [numPrompts, inputLen, outputLen]
        guard counts.allSatisfy({ (1...1_000_000).contains($0) }) else {
            throw ValidationError(
                "--num-prompts, --input-len and --output-len must be from 1 to 1000000.")
        }
    }

    /// The load with all requests open at a time.
    var shape: LoadShape { shape(concurrency: nil) }

    /// The load with this many requests open at a time; by default all of them.
    func shape(concurrency: Int?) -> LoadShape {
        LoadShape(
            concurrency: concurrency ?? numPrompts, requestCount: numPrompts,
            inputLength: inputLen, outputLength: outputLen)
    }
}
