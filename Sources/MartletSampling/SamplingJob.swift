import MartletTensor

/// Samples one row of logits in each chunk.
struct SamplingJob: PoolJob {
    /// `[rows, vocabulary]`, edited in place.
    let logits: Tensor
    /// One for each row.
    let states: [SamplerState]
    let kernels: SamplingKernels
    /// One for each worker.
    let scratches: [SamplerScratch]
    /// One for each row, written.
    let tokens: UnsafeMutableBufferPointer<SampledToken>

    func run(chunk: Int, worker: Int) {
        tokens[chunk] = sample(logits.row(chunk), state: states[chunk], scratch: scratches[worker])
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
}
