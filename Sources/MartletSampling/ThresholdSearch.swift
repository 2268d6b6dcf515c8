package import MartletTensor

/// Finds where a row of weights has to be cut so that what lies above the cut reaches a target: a
/// count (top-k) or a mass (top-p).
///
/// The bit patterns of non-negative floats are ordered as the floats are, and evenly spaced
/// patterns are about evenly spaced logarithms. So each pass over the weights compares them with
/// eight pivots evenly spaced between the bounds, and keeps the interval that holds the cut; the
/// weights in it, ever fewer, are what the next pass looks at. 32 bits bound the number of passes
/// to 11 whatever the weights are; two or three are usual.
package struct ThresholdSearch {
    /// A cut: weights above ``weight`` stay, and of those equal to it all but the last ``excess``.
    package struct Cut: Hashable {
        package let weight: Float
        package let excess: Int
    }

    private let kernels: SamplingKernels
    private let scratch: SamplerScratch
    /// Few enough weights to sort.
    private static let sortableCount = 64

    init(kernels: SamplingKernels, scratch: SamplerScratch) {
        self.kernels = kernels
        self.scratch = scratch
    }

    /// A search with memory of its own, for rows of up to `count` weights.
    package init(kernels: SamplingKernels, count: Int) {
        self.init(kernels: kernels, scratch: SamplerScratch(vocabularySize: count))
    }

    /// The cut that leaves the fewest weights, largest first, which together reach `target`.
    ///
    /// - Parameters:
    ///   - weights: Numbers in [0, 1].
    ///   - low: No cut is sought below; positive. Where `target` is out of reach the cut is at or
    ///     above it.
    package func cut(
        _ weights: UnsafeBufferPointer<Float>, _ measure: SamplingKernels.Measure,
        reaching target: Double,
        low: Float = .leastNormalMagnitude
    ) -> Cut {
        var low = min(low, 1).bitPattern
        var high = Float(2).bitPattern
        var above = 0.0
        var interval = weights
        while high - low > 1 {
            spreadPivots(low, high)
            kernels.measure(
                measure, of: interval, pivots: scratch.pivots, into: scratch.totals)
            let next = (0..<SamplingKernels.pivotCount)
                .first { above + scratch.totals[$0] < target }
            if next != 0 {
                low = scratch.pivots[(next ?? SamplingKernels.pivotCount) - 1].bitPattern
            }
            if let next {
                high = scratch.pivots[next].bitPattern
                above += scratch.totals[next]
            }
            let count = kernels.collect(
                interval, in: Float(bitPattern: low)..<Float(bitPattern: high),
                values: scratch.narrowed, indices: nil)
            interval = UnsafeBufferPointer(start: scratch.narrowed, count: count)
            if count <= Self.sortableCount { break }
        }
        return walk(count: interval.count, measure, from: above, to: target)
            ?? Cut(weight: Float(bitPattern: low), excess: 0)
    }

    private func spreadPivots(_ low: UInt32, _ high: UInt32) {
        let width = UInt64(high - low)
        for index in 0..<SamplingKernels.pivotCount {
            let step = width * UInt64(index + 1) / UInt64(SamplingKernels.pivotCount + 1)
            scratch.pivots[index] = Float(bitPattern: low + UInt32(step))
        }
    }

    /// Adds up the last interval, largest first: few weights, or many equal ones.
    private func walk(
        count: Int, _ measure: SamplingKernels.Measure, from above: Double, to target: Double
    ) -> Cut? {
        guard count > 0 else { return nil }
        let weights = UnsafeMutableBufferPointer(start: scratch.narrowed, count: count)
        if count <= Self.sortableCount { Self.sortDescending(weights) }
        var total = above
        var place = 0
        while place < count - 1 {
            total += measure == .count ? 1 : Double(weights[place])
            if total >= target { break }
            place += 1
        }
        var end = place + 1
        while end < count && weights[end] == weights[place] { end += 1 }
        return Cut(weight: weights[place], excess: end - place - 1)
    }

    /// An insertion sort: the weights are few.
    private static func sortDescending(_ weights: UnsafeMutableBufferPointer<Float>) {
        for index in weights.indices.dropFirst() {
            let weight = weights[index]
            var place = index
            while place > 0 && weights[place - 1] < weight {
                weights[place] = weights[place - 1]
                place -= 1
            }
            weights[place] = weight
        }
    }
}
