package import MartletTensor

/// Samples rows of logits in parallel on a worker pool.
///
/// A row's token depends on that row, its state and nothing else, so it is the same alone and in
/// any batch, on any number of threads. Belongs to the engine's thread.
///
/// - Note: The order of what is applied is vLLM's: grammar mask, the snapshot that log
///   probabilities are reported from, allowed tokens, bad words, `min_tokens`, biases, penalties,
///   greedy choice, temperature, min-p, top-k, top-p, draw.
package final class Sampler {
    private let vocabularySize: Int
    private let pool: WorkerPool
    private let kernels: SamplingKernels
    /// One for each worker.
    private let scratches: [SamplerScratch]
    /// The tokens sampled last, kept for their memory.
    private var tokens: [SampledToken] = []

    /// A sampler of rows of `vocabularySize` logits.
    ///
    /// - Parameter kernels: The instruction set to use; the process's own by default.
    package init(vocabularySize: Int, pool: WorkerPool, kernels: KernelTable = .selected) {
        precondition(vocabularySize > 0, "a vocabulary has tokens")
        self.vocabularySize = vocabularySize
        self.pool = pool
        self.kernels = SamplingKernels(kernels)
        scratches = (0..<pool.threadCount).map { _ in
            SamplerScratch(vocabularySize: vocabularySize)
        }
    }

    /// Chooses a token for every row.
    ///
    /// - Parameters:
    ///   - logits: `[rows, vocabulary]`, fp32; edited in place.
    ///   - states: The states of the sequences whose next tokens the rows predict, in order. The
    ///     chosen tokens are not appended to them.
    package func sample(_ logits: Tensor, states: [SamplerState]) -> [SampledToken] {
        precondition(logits.rows == states.count, "a state for every row")
        precondition(logits.columns == vocabularySize, "rows are as long as the vocabulary")
        tokens.removeAll(keepingCapacity: true)
        for _ in states { tokens.append(SampledToken(id: 0, logprobs: nil)) }
        tokens.withUnsafeMutableBufferPointer { tokens in
            pool.run(
                chunkCount: logits.rows,
                SamplingJob(
                    logits: logits, states: states, kernels: kernels, scratches: scratches,
                    tokens: tokens))
        }
        return tokens
    }

    /// Log probabilities of given tokens: row `i` predicts `targets[i]`.
    ///
    /// - Parameters:
    ///   - logits: `[rows, vocabulary]`, fp32.
    ///   - topCount: How many of the most probable tokens are reported with each; -1 is all.
    package func logprobs(
        _ logits: Tensor, targets: [Int32], topCount: Int
    ) -> [TokenLogprobs] {
        precondition(logits.rows == targets.count, "a target for every row")
        precondition(
            targets.allSatisfy { $0 >= 0 && $0 < vocabularySize }, "targets are tokens")
        precondition(logits.columns == vocabularySize, "rows are as long as the vocabulary")
        return Array(unsafeUninitializedCapacity: targets.count) { results, count in
            guard let base = results.baseAddress else { return }
            pool.run(chunkCount: targets.count) { index, worker in
                let scratch = scratches[worker]
                let reader = LogprobsReader(
                    .init(logits.row(index)), kernels: kernels, scratch: scratch)
                (base + index).initialize(
                    to: reader.report(targets[index], topCount: topCount, scratch: scratch))
            }
            count = targets.count
        }
    }
}
