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
        return mapRows(logits) { index, row, scratch in
            self.sample(row, state: states[index], scratch: scratch)
        }
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
        let kernels = self.kernels
        return mapRows(logits) { index, row, scratch in
            LogprobsReader(.init(row), kernels: kernels, scratch: scratch)
                .report(targets[index], topCount: topCount, scratch: scratch)
        }
    }

    private func sample(
        _ row: UnsafeMutableBufferPointer<Float>, state: SamplerState, scratch: SamplerScratch
    ) -> SampledToken {
        if let mask = state.grammarMask { kernels.mask(row, words: mask.words) }
        let chooser = RowSampler(kernels: kernels, scratch: scratch)
        guard let topCount = state.parameters.logprobCount else {
            state.edit(row, kernels: kernels)
            return SampledToken(id: chooser.choose(.init(row), for: state), logprobs: nil)
        }
        let snapshot = state.editsLogits ? copy(row, to: scratch.snapshot) : .init(row)
        state.edit(row, kernels: kernels)
        let token = chooser.choose(.init(row), for: state)
        let reader = LogprobsReader(snapshot, kernels: kernels, scratch: scratch)
        return SampledToken(
            id: token, logprobs: reader.report(token, topCount: topCount, scratch: scratch))
    }

    private func copy(
        _ row: UnsafeMutableBufferPointer<Float>, to snapshot: UnsafeMutablePointer<Float>
    ) -> UnsafeBufferPointer<Float> {
        let target = UnsafeMutableBufferPointer(start: snapshot, count: row.count)
        _ = target.update(fromContentsOf: row)
        return UnsafeBufferPointer(target)
    }

    /// One result for every row of `logits`, each made by some worker.
    private func mapRows<Element>(
        _ logits: Tensor,
        _ transform: (Int, UnsafeMutableBufferPointer<Float>, SamplerScratch) -> Element
    ) -> [Element] {
        precondition(logits.columns == vocabularySize, "rows are as long as the vocabulary")
        return Array(unsafeUninitializedCapacity: logits.rows) { results, count in
            guard let base = results.baseAddress else { return }
            pool.run(chunkCount: logits.rows) { index, worker in
                let element = transform(index, logits.row(index), scratches[worker])
                (base + index).initialize(to: element)
            }
            count = logits.rows
        }
    }
}
