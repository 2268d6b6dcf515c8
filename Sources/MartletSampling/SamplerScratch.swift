import MartletTensor

/// One worker's memory for one row, reused for every row. Pages are touched only by the kinds of
/// sampling that need them.
final class SamplerScratch {
    /// Each token's probability over that of the most probable token.
    let weights: UnsafeMutablePointer<Float>
    /// The tokens that are left after a filter, and their weights.
    let candidateWeights: UnsafeMutablePointer<Float>
    let candidateTokens: UnsafeMutablePointer<Int32>
    /// Which of the candidates a second filter leaves.
    let places: UnsafeMutablePointer<Int32>
    /// The weights a threshold search still has to tell apart.
    let narrowed: UnsafeMutablePointer<Float>
    /// The logits before they are edited.
    let snapshot: UnsafeMutablePointer<Float>
    /// One sum for every block of ``SamplingKernels/blockSize`` weights.
    let blockSums: UnsafeMutablePointer<Double>
    let pivots: UnsafeMutablePointer<Float>
    let totals: UnsafeMutablePointer<Double>

    init(vocabularySize: Int) {
        weights = .allocate(capacity: vocabularySize)
        candidateWeights = .allocate(capacity: vocabularySize)
        candidateTokens = .allocate(capacity: vocabularySize)
        places = .allocate(capacity: vocabularySize)
        narrowed = .allocate(capacity: vocabularySize)
        snapshot = .allocate(capacity: vocabularySize)
        blockSums = .allocate(capacity: Self.blockCount(of: vocabularySize))
        pivots = .allocate(capacity: SamplingKernels.pivotCount)
        totals = .allocate(capacity: SamplingKernels.pivotCount)
    }

    deinit {
        weights.deallocate()
        candidateWeights.deallocate()
        candidateTokens.deallocate()
        places.deallocate()
        narrowed.deallocate()
        snapshot.deallocate()
        blockSums.deallocate()
        pivots.deallocate()
        totals.deallocate()
    }

    static func blockCount(of count: Int) -> Int {
        (count + SamplingKernels.blockSize - 1) / SamplingKernels.blockSize
    }

    /// The sum of the blocks of `count` weights.
    func sum(ofBlocksOf count: Int) -> Double {
        (0..<Self.blockCount(of: count)).reduce(0) { $0 + blockSums[$1] }
    }
}
