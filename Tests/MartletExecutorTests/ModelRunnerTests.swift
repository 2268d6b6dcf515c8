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
        // As int8: 8 bytes and a scale of 4.
        #expect(
            ModelRunner.kvBytesPerBlock(
                description: driver.runner.model.description, blockSize: 16, kvDType: .int8)
                == 2 * 2 * 2 * (8 + 4) * 16)
        #expect(driver.runner.cacheByteCount >= 64 * 2 * 2 * 2 * 8 * 4 * 16)
    }

    @Test func `logits that do not fit come in even groups, with the same bits`() throws {
        let pool = WorkerPool(threadCount: 2)
        let whole = try Driver("qwen2", pool: pool)
        let runner = try ModelRunner(
            model: whole.runner.model, blockCount: 8, blockSize: 16,
            maximumBatchedTokenCount: 64, pool: pool, logitsByteCount: 120 * 4 * 8)
        let part = Driver.part(
            0, (3..<23).map(Int32.init), start: 0, wantsPromptLogprobs: true)
        var batch = ScheduledBatch()
        batch.sequences = [
            ScheduledSequence(
                id: id, tokens: part.tokens, startPosition: 0, blockTable: [7, 2], samples: true,
                wantsPromptLogprobs: true)
        ]
        var groups: [[Driver.Row]] = []
        var kinds: [StepLogits.Row.Kind] = []
        try runner.forward(batch) { group in
            groups.append(group.rows.indices.map { Array(group.logits.row($0)) })
            kinds += group.rows.map(\.kind)
        }
        #expect(groups.map(\.count) == [6, 7, 7])
        #expect(kinds == (0..<19).map { .prompt(position: $0) } + [.sample])
        let expected = try whole.step([part]).map(\.logits)
        #expect(groups.flatMap { $0 }.elementsEqual(expected, by: sameBits))
    }

    @Test func `more rows than the MLP takes at a time give the same bits`() throws {
        let pool = WorkerPool(threadCount: 2)
        let alone = try Driver("llama", pool: pool)
        let runner = try ModelRunner(
            model: alone.runner.model, blockCount: 75, blockSize: 16,
            maximumBatchedTokenCount: 1200, pool: pool)
        let tokens = (0..<240).map { Int32(3 + ($0 * 31) % 110) }
        var batch = ScheduledBatch()
        batch.sequences = (0..<5).map { index in
            ScheduledSequence(
                id: SequenceID(rawValue: UInt64(index)), tokens: tokens.map { $0 + Int32(index) },
                startPosition: 0, blockTable: (0..<15).map { Int32($0 * 5 + index) },
                samples: true)
        }
        var together: [Driver.Row] = []
        try runner.forward(batch) { group in
            together += group.rows.indices.map { Array(group.logits.row($0)) }
        }
        for (index, sequence) in batch.sequences.enumerated() {
            let part = ScheduledSequence(
                id: id, tokens: sequence.tokens, startPosition: 0,
                blockTable: Array(0..<15), samples: true)
            #expect(sameBits(try alone.step([part])[0].logits, together[index]))
        }
    }
}
