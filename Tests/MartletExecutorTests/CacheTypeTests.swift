import Foundation
import MartletDemoModel
import MartletExecutor
import MartletModels
import MartletTensor
import Testing

/// What narrower keys and values do to a model's predictions.
@Suite struct CacheTypeTests {
    @Test(arguments: ["llama", "llama-rope-yarn", "mistral", "qwen2", "qwen3", "opt", "gpt2"])
    func `int8 caches predict what float32 caches do`(name: String) throws {
        let pool = WorkerPool(threadCount: 2)
        let exact = try Driver(name, cache: .float32, pool: pool)
        let rounded = try Driver(name, cache: .int8, pool: pool)
        var distance = PredictionDistance()
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
        var distance = PredictionDistance()
        for seed: UInt64 in 1...4 {
            let tokens = try exact.sampledText(seed: seed, count: 120)
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
