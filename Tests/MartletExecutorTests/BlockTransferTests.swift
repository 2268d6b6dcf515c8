import MartletExecutor
import MartletModels
import MartletTensor
import Testing

/// Blocks that are copied, taken out and put back go on as if they had been computed there.
@Suite struct BlockTransferTests {
    static let models: [(name: String, cache: KVCacheType)] = [
        ("llama", .auto), ("gpt2", .auto), ("qwen3-bfloat16", .auto), ("llama", .int8),
    ]
    private static let prompt = (0..<75).map { (index: Int) -> Int32 in
        Int32(3 + (index * 37 + index * index) % 110)
    }

    /// The logits of the prompt's last 15 tokens where sequence 0 computed all of it.
    private func undisturbed(_ driver: Driver) throws -> [Driver.Row] {
        let rows = try driver.logits(of: Self.prompt, chunk: 20)
        return Array(rows[60...])
    }

    /// The same where the first 60 were computed elsewhere: blocks 0 to 2, and a part of block 3.
    private func continued(_ driver: Driver, as sequence: Int) throws -> [Driver.Row] {
        try driver.step([
            Driver.part(
                sequence, Self.prompt[60...], start: 60, wantsPromptLogprobs: true)
        ]).map(\.logits)
    }

    private func image(_ runner: ModelRunner, _ block: Int32) -> [UInt8] {
        var image = [UInt8](repeating: 0xee, count: runner.blockByteCount)
        image.withUnsafeMutableBytes { runner.readBlock(block, into: $0) }
        return image
    }

    @Test(arguments: models)
    func `copied blocks give the bits of computed ones`(
        name: String, cache: KVCacheType
    ) throws {
        let driver = try Driver(name, cache: cache)
        let expected = try undisturbed(driver)
        let copies = zip(Driver.blocks(0), Driver.blocks(5)).map { (source: $0, target: $1) }
        driver.runner.copyBlocks(Array(copies.prefix(4)))
        let rows = try continued(driver, as: 5)
        #expect(rows.elementsEqual(expected, by: sameBits))
    }

    @Test(arguments: models)
    func `images give the bits of computed blocks, in another runner too`(
        name: String, cache: KVCacheType
    ) throws {
        let driver = try Driver(name, cache: cache)
        let expected = try undisturbed(driver)
        let images = Driver.blocks(0).prefix(4).map { image(driver.runner, $0) }
        let other = try Driver(name, cache: cache, pool: WorkerPool(threadCount: 1))
        #expect(
            driver.runner.cacheLayoutDescription == other.runner.cacheLayoutDescription)
        for target in [driver, other] {
            for (block, image) in zip(Driver.blocks(6), images) {
                image.withUnsafeBytes { target.runner.writeBlock(block, from: $0) }
            }
            let rows = try continued(target, as: 6)
            #expect(rows.elementsEqual(expected, by: sameBits))
        }
    }

    @Test(arguments: [3, 200])
    func `copies are made in order, however many threads share them`(count: Int) throws {
        let runner = try Driver("llama").runner
        var contents = (0..<64).map { block in
            (0..<runner.blockByteCount).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ block) }
        }
        for (block, image) in contents.enumerated() {
            image.withUnsafeBytes { runner.writeBlock(Int32(block), from: $0) }
        }
        // Targets become sources of later copies, and targets again.
        let copies = (0..<count).map { (source: ($0 * 5 + 1) % 64, target: ($0 * 11 + 12) % 64) }
        runner.copyBlocks(copies.map { (source: Int32($0.source), target: Int32($0.target)) })
        for copy in copies { contents[copy.target] = contents[copy.source] }
        #expect((0..<64).map { image(runner, Int32($0)) } == contents)
    }
}
