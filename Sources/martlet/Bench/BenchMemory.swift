import ArgumentParser
import MartletEngine

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

    @OptionGroup
    var benchmark: EngineBenchmark<LoadOptions>

    func run() async throws {
        let start = try Self.read()
        try await benchmark.run { batch in
            let loaded = try Self.read()
            _ = try await batch.run()
            let account = MemoryAccount(
                start: start, loaded: loaded, served: try Self.read(),
                weightByteCount: batch.information.weightByteCount,
                cacheByteCount: Self.writtenByteCount(batch.shape, batch.information))
            return (account.text(batch.shape), account.json(batch.shape))
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
