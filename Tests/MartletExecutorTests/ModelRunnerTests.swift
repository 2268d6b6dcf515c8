import MartletExecutor
import MartletModels
import MartletScheduling
import MartletTensor
import Testing

@Suite struct ModelRunnerTests {
    private let id = SequenceID(rawValue: 0)

    @Test func `token ids outside the vocabulary are refused`() throws {
        let driver = try Driver("llama")
        for token: Int32 in [120, -1, .max, .min] {
            #expect(
                throws: ExecutorError.tokenOutOfVocabulary(id, token: token, vocabularySize: 120)
            ) { try driver.step([Driver.part(0, [5, token], start: 0)]) }
        }
    }

    @Test func `positions beyond the model are refused`() throws {
        let driver = try Driver("opt")
        let error = #expect(throws: ExecutorError.self) {
            try driver.step([Driver.part(0, [5, 6], start: 255)])
        }
        #expect(
            error == .positionOutOfRange(id, position: 256, maximumPositionCount: 256))
        #expect(throws: ExecutorError.self) {
            try driver.step([Driver.part(0, [5], start: -1)])
        }
    }

    @Test func `block tables that are short or name no block are refused`() throws {
        let driver = try Driver("llama")
        let tables: [[Int32]] = [[1], [1, 64], [1, -1], []]
        for table in tables {
            let part = ScheduledSequence(
                id: id, tokens: [4], startPosition: 16, blockTable: table, samples: true)
            let error = #expect(throws: ExecutorError.self) { try driver.step([part]) }
            guard case .invalidBlockTable = error else {
                Issue.record("\(table): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `steps that are empty or too large are handled`() throws {
        let driver = try Driver("llama")
        #expect(try driver.step([]).isEmpty)
        #expect(throws: ExecutorError.noTokens(id)) {
            try driver.step([Driver.part(0, [], start: 0)])
        }
        let parts = (0..<3).map { Driver.part($0, Array(repeating: 7, count: 100), start: 0) }
        #expect(
            throws: ExecutorError.batchTooLarge(tokenCount: 300, maximumTokenCount: 256)
        ) { try driver.step(parts) }
    }

    @Test func `a refused step leaves the cache as it was`() throws {
        let driver = try Driver("llama")
        let expected = try driver.generate([3, 4, 5, 6], count: 4)
        try driver.step([Driver.part(0, [3, 4, 5], start: 0)])
        #expect(throws: ExecutorError.self) {
            try driver.step([Driver.part(0, [9, 9, 9, 500], start: 0)])
        }
        let row = try driver.step([Driver.part(0, [6], start: 3)])[0]
        #expect(argmax(row.logits) == expected[0])
    }

    @Test func `logits come for rows that ask and for no others`() throws {
        let driver = try Driver("qwen2")
        let rows = try driver.step([
            Driver.part(0, [3, 4, 5], start: 0, samples: false),
            Driver.part(1, [6, 7], start: 0),
            Driver.part(2, [8, 9, 10], start: 0, samples: false, wantsPromptLogprobs: true),
            Driver.part(3, [11, 12], start: 0, wantsPromptLogprobs: true),
        ]).map(\.row)
        let kinds = rows.map { ($0.sequenceIndex, $0.kind) }
        let expected: [(Int, StepLogits.Row.Kind)] = [
            (1, .sample), (2, .prompt(position: 0)), (2, .prompt(position: 1)),
            (2, .prompt(position: 2)), (3, .prompt(position: 0)), (3, .sample),
        ]
        #expect(kinds.elementsEqual(expected, by: ==))
    }

    @Test func `sizes that cannot be are refused`() throws {
        let pool = WorkerPool(threadCount: 1)
        let model = try ModelRegistry.loadModel(
            directory: Golden.directory("llama"), pool: pool)
        for (blocks, size, tokens) in [(0, 16, 8), (4, 10, 8), (4, 16, 0), (1 << 40, 16, 8)] {
            #expect(throws: ExecutorError.self) {
                try ModelRunner(
                    model: model, blockCount: blocks, blockSize: size,
                    maximumBatchedTokenCount: tokens, pool: pool)
            }
        }
    }

    @Test func `a block's bytes are its keys and values of all layers`() throws {
        let driver = try Driver("llama")
        // 2 layers, keys and values, 2 heads of 8, float32.
        #expect(
            ModelRunner.kvBytesPerBlock(
                description: driver.runner.model.description, blockSize: 16)
                == 2 * 2 * 2 * 8 * 4 * 16)
        #expect(driver.runner.cacheByteCount >= 64 * 2 * 2 * 2 * 8 * 4 * 16)
    }
}
