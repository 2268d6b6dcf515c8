import CMartletKernels

/// The sampling kernels of one instruction set, with a row and its length in one argument.
///
/// `martlet_sampling.h` says what each of them does; NaN counts as minus infinity.
///
/// `@unchecked Sendable`: it points at a constant of the program that nobody can write.
package struct SamplingKernels: @unchecked Sendable {
    /// One row of logits or of weights.
    package typealias Row = UnsafeBufferPointer<Float>

    /// What is measured above a pivot.
    package enum Measure: Sendable { case count, mass }

    /// Weights are summed in blocks of this many.
    package static let blockSize = Int(MARTLET_SAMPLING_BLOCK)
    /// How many pivots are compared with at once.
    package static let pivotCount = Int(MARTLET_SAMPLING_PIVOTS)

    private let kernels: UnsafePointer<martlet_sampling_kernels>

    package init(_ table: KernelTable) {
        kernels = table.pointer.pointee.sampling
    }

    /// The largest element; minus infinity where there is none.
    package func maximum(_ row: Row) -> Float {
        guard let base = row.baseAddress else { return -.infinity }
        return kernels.pointee.maximum(base, row.count)
    }

    /// The lowest index of the largest element; 0 where nothing is above minus infinity.
    package func argmax(_ row: Row) -> Int {
        guard let base = row.baseAddress else { return 0 }
        return kernels.pointee.argmax(base, row.count)
    }

    /// How many elements are at least `value`.
    package func count(of row: Row, atLeast value: Float) -> Int {
        guard let base = row.baseAddress else { return 0 }
        return kernels.pointee.rank(base, row.count, value)
    }

    /// Sets elements to minus infinity where bit `i % 32` of word `i / 32` is 0.
    package func mask(_ row: UnsafeMutableBufferPointer<Float>, words: [UInt32]) {
        precondition(words.count * 32 >= row.count, "a bit for every element")
        guard let base = row.baseAddress else { return }
        kernels.pointee.mask(base, row.count, words)
    }

    /// Writes exp((x - maximum) * scale), and its sum over every block of ``blockSize``.
    ///
    /// - Parameters:
    ///   - maximum: The largest element of `row`, above minus infinity.
    ///   - weights: Room for as many as in `row`; may be the row itself; nil for the sums alone.
    package func exponentials(
        of row: Row, maximum: Float, scale: Float, weights: UnsafeMutablePointer<Float>?,
        blockSums: UnsafeMutablePointer<Double>
    ) {
        guard let base = row.baseAddress else { return }
        kernels.pointee.exponentials(base, row.count, maximum, scale, weights, blockSums)
    }

    /// Measures the elements at or above each of ``pivotCount`` pivots.
    package func measure(
        _ measure: Measure, of row: Row, pivots: UnsafePointer<Float>,
        into totals: UnsafeMutablePointer<Double>
    ) {
        guard let base = row.baseAddress else {
            totals.update(repeating: 0, count: Self.pivotCount)
            return
        }
        switch measure {
        case .count: kernels.pointee.counts(base, row.count, pivots, totals)
        case .mass: kernels.pointee.masses(base, row.count, pivots, totals)
        }
    }

    /// Writes the elements in `range`, in order, and returns how many there are.
    ///
    /// - Parameters:
    ///   - values: Room for as many as in `row`; may be the row itself.
    ///   - indices: The same for their indices, where they are wanted.
    package func collect(
        _ row: Row, in range: Range<Float>, values: UnsafeMutablePointer<Float>,
        indices: UnsafeMutablePointer<Int32>?
    ) -> Int {
        guard let base = row.baseAddress else { return 0 }
        return kernels.pointee.collect(
            base, row.count, range.lowerBound, range.upperBound, values, indices)
    }

    /// Writes the `limit` largest elements above minus infinity and their indices, largest first,
    /// equals by index; returns how many.
    package func top(
        _ row: Row, limit: Int, values: UnsafeMutablePointer<Float>,
        indices: UnsafeMutablePointer<Int32>
    ) -> Int {
        guard let base = row.baseAddress else { return 0 }
        return kernels.pointee.top(base, row.count, limit, values, indices)
    }

    /// Writes the sum of every block of ``blockSize`` weights.
    package func sumBlocks(_ weights: Row, into sums: UnsafeMutablePointer<Double>) {
        guard let base = weights.baseAddress else { return }
        martlet_sum_blocks(base, weights.count, sums)
    }
}
