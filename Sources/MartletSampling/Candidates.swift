import MartletTensor

/// The tokens that may still be drawn, with their weights: the whole row at first, then what the
/// filters leave of it, in the scratch's candidate arrays.
package struct Candidates {
    private let kernels: SamplingKernels
    private let scratch: SamplerScratch
    private var count: Int
    /// Whether the candidates are in the candidate arrays; else they are the whole row.
    private var isCollected: Bool

    /// All `count` tokens of the row, whose weights and block sums are in `scratch`.
    init(kernels: SamplingKernels, scratch: SamplerScratch, count: Int) {
        self.kernels = kernels
        self.scratch = scratch
        self.count = count
        isCollected = false
    }

    /// The first `collectedCount` candidates that `scratch` holds.
    init(kernels: SamplingKernels, scratch: SamplerScratch, collectedCount: Int) {
        self.init(kernels: kernels, scratch: scratch, count: collectedCount)
        isCollected = true
        sumBlocks()
    }

    /// Drops tokens less probable than `share` of the most probable one, whose weight is 1.
    mutating func applyMinP(_ share: Float) {
        guard share > 0 else { return }
        keep(ThresholdSearch.Cut(weight: min(share, 1), excess: 0))
    }

    /// Keeps the `limit` most probable tokens; 0 and -1 keep all.
    mutating func applyTopK(_ limit: Int) {
        guard limit > 0, limit < count else { return }
        let search = ThresholdSearch(kernels: kernels, scratch: scratch)
        keep(search.cut(weights, .count, reaching: Double(limit)))
    }

    /// Keeps the fewest of the most probable tokens that hold the share `mass` of all that is left.
    ///
    /// All tokens with a weight below (1 - mass) * total / count hold less than 1 - mass together,
    /// so none of them is among the kept: the search starts there (at half of it, for rounding).
    mutating func applyTopP(_ mass: Float) {
        guard mass < 1, count > 1 else { return }
        let total = scratch.sum(ofBlocksOf: count)
        let spare = (1 - Double(mass)) * total / Double(count)
        let search = ThresholdSearch(kernels: kernels, scratch: scratch)
        let cut = search.cut(
            weights, .mass, reaching: Double(mass) * total,
            low: max(Float(spare) / 2, .leastNormalMagnitude))
        keep(cut)
    }

    /// The token at which the running sum of weights passes the share `uniform` of their total.
    ///
    /// Blocks first, then the weights of one block. Rounding can carry the search past the last
    /// weight of a block; the last token with any weight is taken then.
    package func draw(_ uniform: Double) -> Int32 {
        var remaining = uniform * scratch.sum(ofBlocksOf: count)
        let lastBlock = SamplerScratch.blockCount(of: count) - 1
        var block = 0
        while block < lastBlock && remaining >= scratch.blockSums[block] {
            remaining -= scratch.blockSums[block]
            block += 1
        }
        var place = block * SamplingKernels.blockSize
        let end = min(place + SamplingKernels.blockSize, count)
        while place < end {
            remaining -= Double(weights[place])
            if remaining < 0 { return token(at: place) }
            place += 1
        }
        let last = (0..<end).last { weights[$0] > 0 }
        return token(at: last ?? 0)
    }

    /// What may be drawn: tokens in no particular order, with their weights.
    package var listed: [(token: Int32, weight: Float)] {
        (0..<count).filter { weights[$0] > 0 }.map { (token(at: $0), weights[$0]) }
    }

    private var weights: UnsafeBufferPointer<Float> {
        UnsafeBufferPointer(
            start: isCollected ? scratch.candidateWeights : scratch.weights, count: count)
    }

    private func token(at place: Int) -> Int32 {
        isCollected ? scratch.candidateTokens[place] : Int32(place)
    }

    private mutating func keep(_ cut: ThresholdSearch.Cut) {
        let places = isCollected ? scratch.places : scratch.candidateTokens
        count = kernels.collect(
            weights, in: cut.weight..<Float.infinity, values: scratch.candidateWeights,
            indices: places)
        if isCollected {
            for place in 0..<count {
                scratch.candidateTokens[place] = scratch.candidateTokens[Int(places[place])]
            }
        }
        isCollected = true
        dropLast(cut.excess, equalTo: cut.weight)
        sumBlocks()
    }

    /// Drops the last `excess` candidates whose weight is `weight`.
    private mutating func dropLast(_ excess: Int, equalTo weight: Float) {
        guard excess > 0 else { return }
        var first = count
        var found = 0
        while first > 0 && found < excess {
            first -= 1
            if scratch.candidateWeights[first] == weight { found += 1 }
        }
        var kept = first
        for place in first..<count where scratch.candidateWeights[place] != weight {
            scratch.candidateWeights[kept] = scratch.candidateWeights[place]
            scratch.candidateTokens[kept] = scratch.candidateTokens[place]
            kept += 1
        }
        count = kept
    }

    private func sumBlocks() {
        kernels.sumBlocks(weights, into: scratch.blockSums)
    }
}
