import ArgumentParser
import MartletEngine
import MartletJSON

/// `martlet bench memory`.
struct BenchMemory: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "memory",
        abstract: "Measure what an engine in this process takes beside weights and KV cache.",
        discussion: """
            Resident memory is read before the model is loaded, after it, and after a load. \
            Overhead is what is left of it without the weights and the blocks of the KV cache \
            that the load has written.
            """)

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
        let start = try Self.read()
        let session = try LocalSession(engineOptions)
        try await session.withEngine { engine in
            let information = try await engine.modelConfiguration
            let shape = load.shape(concurrency: nil)
            try BenchThroughput.check(shape, fits: information)
            let loaded = try Self.read()
            let prompts = shape.prompts(
                vocabularySize: information.vocabularySize, seed: engineOptions.seed ?? 0)
            let batch = EngineBatch(engine: engine, outputLength: shape.outputLength)
            _ = try await batch.run(prompts)
            let account = MemoryAccount(
                start: start, loaded: loaded, served: try Self.read(),
                weightByteCount: information.weightByteCount,
                cacheByteCount: Self.writtenByteCount(shape, information))
            StandardOutput.write(account.text(shape))
            if json { StandardOutput.write(line: account.json(shape)) }
        }
    }

    private static func read() throws -> MemoryReading {
        guard let reading = MemoryReading.ofThisProcess else {
            throw CommandFailure.report(
                "this system has no /proc/self/status, by which memory is measured")
        }
        return reading
    }

    /// Bytes of the cache's blocks that a load of distinct prompts writes at most: blocks never
    /// written are taken first, and the last token's keys and values are not needed.
    private static func writtenByteCount(
        _ shape: LoadShape, _ information: ModelInformation
    ) -> Int {
        let length = shape.inputLength + shape.outputLength - 1
        let blocks = (length + information.blockSize - 1) / information.blockSize
        let count = min(information.blockCount, blocks * shape.requestCount)
        return information.cacheByteCount / max(1, information.blockCount) * count
    }
}
