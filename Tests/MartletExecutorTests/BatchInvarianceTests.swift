import MartletExecutor
import MartletModels
import MartletScheduling
import MartletTensor
import Testing

/// A row's bits depend on that row and its past alone, however the steps were cut.
@Suite struct BatchInvarianceTests {
    /// Models, and the types of their caches.
    static let models: [(name: String, cache: KVCacheType)] = [
        ("llama", .auto), ("mistral", .auto), ("qwen2", .auto), ("opt", .auto), ("gpt2", .auto),
        ("opt-post-norm-projected", .auto),
        ("llama-float16", .auto), ("qwen3-bfloat16", .auto), ("llama", .bfloat16),
        ("qwen3-bfloat16", .float32), ("llama", .int8), ("mistral", .int8), ("gpt2", .int8),
        ("qwen3-bfloat16", .int8),
    ]

    /// Tokens longer than several blocks and than the windows, the same in every run.
    private func tokens(_ index: Int, count: Int = 100) -> [Int32] {
        (0..<count).map { Int32(3 + ($0 * 37 + index * 11 + $0 * $0 * index) % 110) }
    }

    @Test(arguments: models)
    func `prefill, chunks and decode give the same bits`(
        name: String, cache: KVCacheType
    ) throws {
        let driver = try Driver(name, cache: cache)
        let sequence = tokens(1)
        let whole = try driver.logits(of: sequence, chunk: sequence.count)
        for chunk in [1, 7, 16, 33, 64] {
            let rows = try driver.logits(of: sequence, chunk: chunk, sequence: 1)
            let differing = whole.indices.filter { !sameBits(whole[$0], rows[$0]) }
            #expect(differing.isEmpty, "\(name), \(cache), chunks of \(chunk)")
        }
    }

    @Test(arguments: models)
    func `a sequence among others gives the same bits as alone`(
        name: String, cache: KVCacheType
    ) throws {
        let driver = try Driver(name, cache: cache)
        let sequences = (0..<5).map { tokens($0, count: 60 + 8 * $0) }
        let alone = try sequences.indices.map {
            try driver.logits(of: sequences[$0], chunk: 256, sequence: $0)
        }
        // Prefill of different lengths, then a mix of decode rows and chunks, all at once.
        var together: [[Driver.Row]] = Array(repeating: [], count: sequences.count)
        var done = Array(repeating: 0, count: sequences.count)
        for step in 0... {
            let parts = sequences.indices.compactMap { index -> ScheduledSequence? in
                let rest = sequences[index][done[index]...]
                guard !rest.isEmpty else { return nil }
                let count = (step + index).isMultiple(of: 3) ? 1 + 9 * index : 1
                return Driver.part(
                    index, rest.prefix(count), start: done[index], wantsPromptLogprobs: true)
            }
            if parts.isEmpty { break }
            for (row, logits) in try driver.step(parts) {
                together[Int(parts[row.sequenceIndex].id.rawValue)].append(logits)
            }
            for part in parts { done[Int(part.id.rawValue)] += part.tokens.count }
        }
        for index in sequences.indices {
            #expect(together[index].count == alone[index].count)
            let differing = alone[index].indices.filter {
                !sameBits(alone[index][$0], together[index][$0])
            }
            #expect(differing.isEmpty, "\(name), \(cache), sequence \(index)")
        }
    }

    @Test(arguments: models)
    func `rows have the same bits whether others are wanted or not`(
        name: String, cache: KVCacheType
    ) throws {
        let driver = try Driver(name, cache: cache)
        let prompts = (0..<4).map { tokens($0, count: 30 + 17 * $0) }
        let all = try prompts.indices.map {
            try driver.logits(of: prompts[$0], chunk: 256, sequence: $0)
        }
        // One sequence wants all its rows, one none, the others their last.
        let parts = prompts.indices.map {
            Driver.part(
                $0, prompts[$0][...], start: 0, samples: $0 != 2, wantsPromptLogprobs: $0 == 1)
        }
        let rows = try driver.step(parts)
        let expected = [all[0].suffix(1), all[1][...], all[3].suffix(1)].flatMap { $0 }
        #expect(rows.count == expected.count)
        let differing = zip(rows, expected).enumerated().filter {
            !sameBits($0.element.0.logits, $0.element.1)
        }
        #expect(differing.isEmpty, "\(name), \(cache)")
        // The keys and values of all rows are there.
        let next = try driver.step(
            prompts.indices.map { Driver.part($0, [5], start: prompts[$0].count) })
        let again = try prompts.indices.map {
            try driver.logits(of: prompts[$0] + [5], chunk: 256, sequence: $0)
        }
        for index in prompts.indices {
            #expect(sameBits(next[index].logits, again[index][prompts[index].count]))
        }
    }

    @Test(arguments: [1, 3, 8], ["qwen3-bfloat16", "llama", "gpt2"])
    func `the number of threads changes no bit`(threads: Int, name: String) throws {
        let pair = try Driver(name)
        let driver = try Driver(name, pool: WorkerPool(threadCount: threads))
        for chunk in [100, 33, 1] {
            let expected = try pair.logits(of: tokens(4), chunk: chunk)
            let rows = try driver.logits(of: tokens(4), chunk: chunk)
            let differing = expected.indices.filter { !sameBits(expected[$0], rows[$0]) }
            #expect(differing.isEmpty, "\(name), \(threads) threads, chunks of \(chunk)")
        }
    }

    @Test(arguments: models)
    func `a preempted sequence continues with the same bits`(
        name: String, cache: KVCacheType
    ) throws {
        let driver = try Driver(name, cache: cache)
        let sequence = tokens(2)
        let undisturbed = try driver.logits(of: sequence, chunk: 1)
        // Its blocks go to another sequence, then it is computed again elsewhere up to where it
        // was, and goes on token by token.
        _ = try driver.logits(of: tokens(3), chunk: 50)
        try driver.step([Driver.part(4, sequence[..<70], start: 0)])
        for position in 70..<sequence.count {
            let row = try driver.step([
                Driver.part(4, [sequence[position]], start: position)
            ])
            #expect(
                sameBits(row[0].logits, undisturbed[position]),
                "\(name), \(cache), \(position)")
        }
    }
}
