package import MartletTensor

/// Chooses one token from one row of logits that ``SamplerState/edit(_:kernels:)`` is done with.
///
/// Tokens are ordered by probability downwards, ties by token upwards, everywhere: the greedy
/// choice, top-k and top-p all keep the first of that order. Probabilities are fp32 weights
/// relative to the most probable token; they are never normalised, only their sums are compared.
package struct RowSampler {
    private let kernels: SamplingKernels
    private let scratch: SamplerScratch

    /// Up to here top-k keeps a running list; beyond, it searches for a threshold.
    private static let runningListLimit = 64

    init(kernels: SamplingKernels, scratch: SamplerScratch) {
        self.kernels = kernels
        self.scratch = scratch
    }

    /// A sampler with memory of its own.
    package init(kernels: SamplingKernels, vocabularySize: Int) {
        self.init(kernels: kernels, scratch: SamplerScratch(vocabularySize: vocabularySize))
    }

    /// The next token of `state`'s sequence.
    package func choose(_ row: UnsafeBufferPointer<Float>, for state: SamplerState) -> Int32 {
        if state.parameters.isGreedy || state.parameters.topK == 1 {
            let token = kernels.argmax(row)
            return row[token] > -.infinity ? Int32(token) : state.fallbackToken
        }
        return candidates(row, state.parameters)?.draw(state.uniform) ?? state.fallbackToken
    }

    /// The tokens that temperature, min-p, top-k and top-p leave to be drawn from; nil where every
    /// logit is minus infinity. They live in the sampler's memory until its next use.
    package func candidates(
        _ row: UnsafeBufferPointer<Float>, _ parameters: SamplingParameters
    ) -> Candidates? {
        let scale = 1 / max(parameters.temperature, 0.01)
        if (1...Self.runningListLimit).contains(parameters.topK) {
            return topCandidates(row, parameters, scale: scale)
        }
        let maximum = kernels.maximum(row)
        guard maximum > -.infinity else { return nil }
        kernels.exponentials(
            of: row, maximum: maximum, scale: scale, weights: scratch.weights,
            blockSums: scratch.blockSums)
        var candidates = Candidates(kernels: kernels, scratch: scratch, count: row.count)
        candidates.applyMinP(parameters.minP)
        candidates.applyTopK(parameters.topK)
        candidates.applyTopP(parameters.topP)
        return candidates
    }

    /// The same for a small top-k, whose tokens come out of one pass in their order; every filter
    /// then keeps a prefix.
    private func topCandidates(
        _ row: UnsafeBufferPointer<Float>, _ parameters: SamplingParameters, scale: Float
    ) -> Candidates? {
        let weights = scratch.candidateWeights
        var count = kernels.top(
            row, limit: min(parameters.topK, row.count), values: weights,
            indices: scratch.candidateTokens)
        guard count > 0 else { return nil }
        kernels.exponentials(
            of: UnsafeBufferPointer(start: weights, count: count), maximum: weights[0],
            scale: scale, weights: weights, blockSums: scratch.blockSums)
        while count > 1 && weights[count - 1] < parameters.minP { count -= 1 }
        if parameters.topP < 1 {
            let total = (0..<count).reduce(0) { $0 + Double(weights[$1]) }
            count = prefix(of: count, holding: Double(parameters.topP) * total)
        }
        return Candidates(kernels: kernels, scratch: scratch, collectedCount: count)
    }

    /// How many of the first `count` candidates it takes to reach `mass`; at least one.
    private func prefix(of count: Int, holding mass: Double) -> Int {
        var held = 0.0
        for place in 0..<count {
            held += Double(scratch.candidateWeights[place])
            if held >= mass { return place + 1 }
        }
        return count
    }
}
