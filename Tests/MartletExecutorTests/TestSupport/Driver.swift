import Foundation
import MartletExecutor
import MartletModels
import MartletScheduling
import MartletTensor

/// Runs sequences through a ``ModelRunner`` by hand, with block tables scattered over the cache.
final class Driver {
    static let blockSize = 16
    static let blockCount = 64

    let runner: ModelRunner
    /// One row of logits.
    typealias Row = [Float]

    convenience init(
        _ name: String, dtype: WeightType = .auto, cache: KVCacheType = .auto,
        pool: WorkerPool = WorkerPool(threadCount: 2)
    ) throws {
        try self.init(
            directory: Golden.directory(name), dtype: dtype, cache: cache, pool: pool)
    }

    init(
        directory: String, dtype: WeightType = .auto, quantization: WeightQuantization? = nil,
        cache: KVCacheType = .auto, pool: WorkerPool
    ) throws {
        let model = try ModelRegistry.loadModel(
            directory: directory, dtype: dtype, quantization: quantization, pool: pool)
        runner = try ModelRunner(
            model: model, blockCount: Self.blockCount, blockSize: Self.blockSize,
            maximumBatchedTokenCount: 256, pool: pool, kvDType: cache.dtype)
    }

    /// A block table of eight blocks for sequence `index`, out of order and apart.
    static func blocks(_ index: Int) -> [Int32] {
        (0..<8).map { Int32(($0 * 29 + index * 8 * 29 + 3) % blockCount) }
    }

    /// A part of a sequence: `tokens` from `start` on.
    static func part(
        _ index: Int, _ tokens: some Sequence<Int32>, start: Int, samples: Bool = true,
        wantsPromptLogprobs: Bool = false
    ) -> ScheduledSequence {
        ScheduledSequence(
            id: SequenceID(rawValue: UInt64(index)), tokens: Array(tokens), startPosition: start,
            blockTable: blocks(index), samples: samples, wantsPromptLogprobs: wantsPromptLogprobs)
    }

    /// Runs one step and returns the logits of all wanted rows, in order.
    @discardableResult
    func step(_ parts: [ScheduledSequence]) throws -> [(row: StepLogits.Row, logits: Row)] {
        var batch = ScheduledBatch()
        batch.sequences = parts
        batch.totalTokenCount = parts.reduce(0) { $0 + $1.tokens.count }
        var result: [(StepLogits.Row, Row)] = []
        try runner.forward(batch) { group in
            for (index, row) in group.rows.enumerated() {
                result.append((row, Array(group.logits.row(index))))
            }
        }
        return result
    }

    /// The logits after every token of `tokens`, computed in chunks of `chunk` tokens.
    func logits(of tokens: [Int32], chunk: Int, sequence: Int = 0) throws -> [Row] {
        var rows: [Row] = []
        for start in stride(from: 0, to: tokens.count, by: chunk) {
            let part = tokens[start..<min(start + chunk, tokens.count)]
            rows += try step([
                Self.part(sequence, part, start: start, wantsPromptLogprobs: true)
            ]).map(\.logits)
        }
        return rows
    }

    /// Greedy tokens after `prompt`, one step each.
    func generate(_ prompt: [Int32], count: Int, sequence: Int = 0) throws -> [Int32] {
        var tokens: [Int32] = []
        var part = Self.part(sequence, prompt, start: 0)
        while tokens.count < count {
            let row = try step([part])[0].logits
            tokens.append(argmax(row))
            part = Self.part(
                sequence, [tokens[tokens.count - 1]], start: prompt.count + tokens.count - 1)
        }
        return tokens
    }
}

func argmax(_ row: [Float]) -> Int32 {
    Int32(row.indices.max { row[$0] < row[$1] } ?? 0)
}

/// The logprobs of all tokens, in double precision.
func logprobs(_ row: [Float]) -> [Double] {
    let peak = Double(row.max() ?? 0)
    let sum = row.reduce(0) { $0 + exp(Double($1) - peak) }
    return row.map { Double($0) - peak - log(sum) }
}

/// Whether two rows are equal to the last bit.
func sameBits(_ a: Driver.Row, _ b: Driver.Row) -> Bool {
    a.map(\.bitPattern) == b.map(\.bitPattern)
}
