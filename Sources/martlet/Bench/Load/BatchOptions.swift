import ArgumentParser

/// Batches that a benchmark makes one after the other.
struct BatchOptions: EngineLoad {
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

    mutating func validate() throws {
        guard [batchSize, inputLen, outputLen, numIters].allSatisfy({ (1...1_000_000) ~= $0 }),
            (0...1_000_000) ~= warmUpIterations
        else {
            throw ValidationError(
                "--batch-size, --input-len, --output-len and --num-iters must be from 1 to "
                    + "1000000, --num-iters-warmup from 0.")
        }
    }

    /// One batch.
    var shape: LoadShape {
        LoadShape(
            concurrency: batchSize, requestCount: batchSize, inputLength: inputLen,
            outputLength: outputLen)
    }
}
