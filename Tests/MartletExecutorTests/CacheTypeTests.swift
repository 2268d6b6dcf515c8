import Foundation
import MartletDemoModel
import MartletExecutor
import MartletModels
import MartletTensor
import Testing

/// What narrower keys and values do to a model's predictions.
@Suite struct CacheTypeTests {
    /// How far one model's predictions are from another's, over some positions.
    private struct Distance: CustomStringConvertible {
        private(set) var positionCount = 0
        private(set) var agreementCount = 0
        private(set) var divergence = 0.0
        private(set) var largestError = 0.0

        /// The share of positions with the same most likely token.
        var agreement: Double { Double(agreementCount) / Double(positionCount) }
        /// The mean Kullback-Leibler divergence, in nats.
        var meanDivergence: Double { divergence / Double(positionCount) }

        var description: String {
            "agreement \(agreement), mean divergence \(meanDivergence), largest error of a "
                + "logprob \(largestError), over \(positionCount) positions"
        }

        mutating func add(_ row: Driver.Row, reference: Driver.Row) {
            positionCount += 1
            if argmax(row) == argmax(reference) { agreementCount += 1 }
            for (own, expected) in zip(logprobs(row), logprobs(reference)) {
                divergence += exp(expected) * (expected - own)
                largestError = max(largestError, abs(expected - own))
            }
        }
    }

    @Test(arguments: ["llama", "llama-rope-yarn", "mistral", "qwen2", "qwen3", "opt", "gpt2"])
    func `int8 caches predict what float32 caches do`(name: String) throws {
        let pool = WorkerPool(threadCount: 2)
        let exact = try Driver(name, cache: .float32, pool: pool)
        let rounded = try Driver(name, cache: .int8, pool: pool)
        var distance = Distance()
        for result in try Golden(name).results {
            let tokens = result.prompt + result.tokens
            let rows = try rounded.logits(of: tokens, chunk: 40)
            for (row, reference) in zip(rows, try exact.logits(of: tokens, chunk: 40)) {
                distance.add(row, reference: reference)
            }
        }
        // Small random models, their heads 8 wide: worse than any trained one.
        #expect(distance.agreement >= 0.95, "\(name): \(distance)")
        #expect(distance.meanDivergence < 2e-3, "\(name): \(distance)")
        #expect(distance.largestError < 1, "\(name): \(distance)")
    }

    /// Text that the model itself is likely to write: sampled, always the same.
    private func sampledText(_ driver: Driver, seed: UInt64, count: Int) throws -> [Int32] {
        var state = seed
        var tokens = [Int32(try #require(driver.runner.model.description.bosTokenID))]
        while tokens.count < count {
            let part = Driver.part(0, tokens[(tokens.count - 1)...], start: tokens.count - 1)
            let row = try logprobs(driver.step([part])[0].logits)
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            var rest = Double(state >> 11) * 0x1p-53
            let token = row.firstIndex {
                rest -= exp($0)
                return rest < 0
            }
            tokens.append(Int32(token ?? row.count - 1))
        }
        return tokens
    }

    static let pairs: [(narrow: KVCacheType, wide: KVCacheType)] = [
        (.bfloat16, .float32), (.int8, .float32), (.int8, .bfloat16),
    ]

    @Test(arguments: pairs)
    func `the demo model hardly notices a narrow cache`(
        narrow: KVCacheType, wide: KVCacheType
    ) throws {
        let pool = WorkerPool(threadCount: 2)
        let directory = DemoModel.directory
        let exact = try Driver(directory: directory, cache: wide, pool: pool)
        let rounded = try Driver(directory: directory, cache: narrow, pool: pool)
        var distance = Distance()
        for seed: UInt64 in 1...4 {
            let tokens = try sampledText(exact, seed: seed, count: 120)
            let rows = try rounded.logits(of: tokens, chunk: 60)
            for (row, reference) in zip(rows, try exact.logits(of: tokens, chunk: 60)) {
                distance.add(row, reference: reference)
            }
        }
        if ProcessInfo.processInfo.environment["MARTLET_PRINT_DISTANCES"] != nil {
            print("\(narrow) to \(wide) cache: \(distance)")
        }
        #expect(distance.agreement >= 0.97, "\(distance)")
        #expect(distance.meanDivergence < 1e-3, "\(distance)")
    }

    @Test func `caches of float16 are refused`() throws {
        let driver = try Driver("llama")
        let error = #expect(throws: ExecutorError.self) {
            try ModelRunner(
                model: driver.runner.model, blockCount: 4, blockSize: 16,
                maximumBatchedTokenCount: 8, pool: WorkerPool(threadCount: 1), kvDType: .float16)
        }
        guard case .cache(.invalidShape) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
