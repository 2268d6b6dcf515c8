import Foundation
import MartletTensor
import MartletTestSupport
import Testing

/// Every instruction set against the scalar definition, over lengths around the vector widths and
/// the block size, misaligned, with special values among the others.
@Suite struct SamplingKernelTests {
    static let counts = Array(1...70) + [127, 128, 1000, 1023, 1024, 1025, 2048, 5003]

    /// A misaligned row with some infinities, NaN and equals.
    private func row(_ count: Int, special: Bool, seed: UInt64) -> [Float] {
        var generator = SeededGenerator(seed: seed)
        var row = generator.gridLogits(count)
        guard special else { return row }
        for index in row.indices {
            switch Int.random(in: 0..<12, using: &generator) {
            case 0: row[index] = .nan
            case 1: row[index] = -.infinity
            case 2: row[index] = -.greatestFiniteMagnitude
            case 3 where count > 500: row[index] = .infinity
            default: break
            }
        }
        return row
    }

    /// Calls `body` with every row of the sweep, at every offset from alignment.
    private func sweep(
        _ body: (SamplingKernels, UnsafeBufferPointer<Float>, _ clean: [Float], String) -> Void
    ) {
        for (isa, kernels) in availableKernels.enumerated() {
            for count in Self.counts {
                for special in [false, true] {
                    let values = row(count, special: special, seed: UInt64(count))
                    let offset = count % 4
                    let padded = Array(repeating: Float.infinity, count: offset) + values
                    padded.withRow { row in
                        body(
                            kernels, UnsafeBufferPointer(rebasing: row[offset...]),
                            values.map { $0.isNaN ? -.infinity : $0 },
                            "isa \(isa), count \(count), special \(special)")
                    }
                }
            }
        }
    }

    @Test func `maximum and argmax take the first of the largest and skip NaN`() {
        sweep { kernels, row, clean, label in
            let maximum = clean.reduce(-.infinity, max)
            #expect(kernels.maximum(row) == maximum, "\(label)")
            let first = maximum == -.infinity ? 0 : clean.firstIndex(of: maximum)
            #expect(kernels.argmax(row) == first, "\(label)")
        }
    }

    @Test func `rank counts the elements at or above a value`() {
        sweep { kernels, row, clean, label in
            for value in [clean[clean.count / 2], 0, 100] where value > -.infinity {
                let expected = clean.count { $0 >= value }
                #expect(kernels.count(of: row, atLeast: value) == expected, "\(label)")
            }
        }
    }

    @Test func `mask clears exactly the elements without a bit`() {
        sweep { kernels, row, _, label in
            var generator = SeededGenerator(seed: 5)
            let words = (0..<(row.count + 31) / 32).map { _ in
                UInt32.random(in: 0...(.max), using: &generator)
            }
            var masked = Array(row) + [7]
            masked.withUnsafeMutableBufferPointer {
                kernels.mask(.init(rebasing: $0[..<row.count]), words: words)
            }
            let expected = row.indices.map { index in
                words[index / 32] >> UInt32(index % 32) & 1 == 1 ? row[index] : -.infinity
            }
            #expect(
                masked.map(\.bitPattern) == (expected + [7]).map(\.bitPattern), "\(label)")
        }
    }

    @Test func `top lists the largest in order of value, then of index`() {
        sweep { kernels, row, clean, label in
            let order = clean.indices.filter { clean[$0] > -.infinity }.sorted {
                clean[$0] == clean[$1] ? $0 < $1 : clean[$0] > clean[$1]
            }
            for limit in [0, 1, 2, 5, 20, 64, row.count + 3] {
                var values = [Float](repeating: 0, count: limit + 1)
                var indices = [Int32](repeating: 0, count: limit + 1)
                let count = kernels.top(row, limit: limit, values: &values, indices: &indices)
                let expected = order.prefix(limit)
                #expect(indices.prefix(count).map(Int.init) == Array(expected), "\(label)")
                #expect(values.prefix(count) == ArraySlice(expected.map { clean[$0] }), "\(label)")
            }
        }
    }

    /// The polynomial and the reduction err by less than 3 units in the last place; what the fp32
    /// difference and product lose is the exponent's rounding, |exponent| * 2^-23 relative.
    @Test func `exponentials agree with the definition in double precision`() {
        sweep { kernels, row, clean, label in
            let maximum = kernels.maximum(row)
            guard maximum > -.infinity else { return }
            for scale in [Float(1), 0.5, 10] {
                var weights = [Float](repeating: .nan, count: row.count)
                var sums = [Double](repeating: 0, count: row.count / 1024 + 1)
                kernels.exponentials(
                    of: row, maximum: maximum, scale: scale, weights: &weights, blockSums: &sums)
                let top = Double(min(maximum, .greatestFiniteMagnitude))
                for (logit, weight) in zip(clean, weights) {
                    let finite = min(Double(logit), Double(Float.greatestFiniteMagnitude))
                    let exponent = (finite - top) * Double(scale)
                    let expected = exponent < -87.3365 ? 0 : exp(exponent)
                    let tolerance = expected * (3 - exponent) * 0x1p-23
                    #expect(
                        abs(Double(weight) - expected) <= (expected == 0 ? 1.2e-38 : tolerance),
                        "\(label), exponent \(exponent)")
                }
                let total = weights.reduce(0) { $0 + Double($1) }
                #expect(abs(sums.reduce(0, +) - total) <= total * 1024 * 0x1p-24, "\(label)")
            }
        }
    }

    @Test func `counts and masses measure what lies above eight pivots`() {
        sweep { kernels, row, clean, label in
            let pivots = (0..<8).map { Float($0) / 2 + 0.125 }
            var counts = [Double](repeating: 0, count: 8)
            var masses = counts
            kernels.measure(.count, of: row, pivots: pivots, into: &counts)
            kernels.measure(.mass, of: row, pivots: pivots, into: &masses)
            for index in 0..<8 {
                let above = clean.filter { $0 >= pivots[index] }.map(Double.init)
                #expect(counts[index] == Double(above.count), "\(label)")
                let mass = above.reduce(0, +)
                let close = abs(masses[index] - mass) <= mass * 1024 * 0x1p-24
                #expect(close || mass == .infinity && masses[index] == mass, "\(label)")
            }
        }
    }

    @Test func `collect keeps the elements of a range in order, also in place`() {
        sweep { kernels, row, clean, label in
            let expected = clean.indices.filter { clean[$0] >= -1 && clean[$0] < 2 }
            var values = Array(row)
            var indices = [Int32](repeating: -1, count: row.count)
            let count = kernels.collect(row, in: -1..<2, values: &values, indices: &indices)
            #expect(indices.prefix(count).map(Int.init) == expected, "\(label)")
            #expect(values.prefix(count) == ArraySlice(expected.map { clean[$0] }), "\(label)")
            var inPlace = Array(row)
            inPlace.withUnsafeMutableBufferPointer { buffer in
                guard let base = buffer.baseAddress else { return }
                let kept = kernels.collect(.init(buffer), in: -1..<2, values: base, indices: nil)
                #expect(kept == count, "\(label)")
            }
            #expect(inPlace.prefix(count) == values.prefix(count), "\(label)")
        }
    }

    @Test func `block sums add up`() {
        sweep { kernels, row, _, label in
            let weights = row.map { $0.isFinite && abs($0) < 100 ? abs($0) : 0 }
            var sums = [Double](repeating: 0, count: row.count / 1024 + 1)
            weights.withRow { kernels.sumBlocks($0, into: &sums) }
            for (block, start) in stride(from: 0, to: weights.count, by: 1024).enumerated() {
                let sum = weights[start..<min(start + 1024, weights.count)]
                    .reduce(0) { $0 + Double($1) }
                #expect(abs(sums[block] - sum) <= sum * 64 * 0x1p-24, "\(label)")
            }
        }
    }
}
