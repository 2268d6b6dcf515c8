import MartletSampling
import MartletTensor
import MartletTestSupport
import Testing

/// Cuts against a full sort in double precision.
@Suite struct ThresholdSearchTests {
    /// Weights of different shapes: spread over all magnitudes, on few values, almost equal, equal.
    static let shapes = ["spread", "few", "close", "equal", "one large", "zeros"]

    private func weights(_ shape: String, _ count: Int, _ generator: inout SeededGenerator)
        -> [Float]
    {
        (0..<count).map { index in
            switch shape {
            case "spread":
                Float(bitPattern: UInt32.random(in: 0x0080_0000...0x3F80_0000, using: &generator))
            case "few": Float(Int.random(in: 1...5, using: &generator)) / 8
            case "close": 0.5 + Float(Int.random(in: 0...40, using: &generator)) * 0x1p-24
            case "equal": 0.25
            case "one large": index == count / 2 ? 1 : 1e-30
            default: index % 7 == 0 ? Float.random(in: 0.1...1, using: &generator) : 0
            }
        }
    }

    /// What a cut leaves, as weights in order.
    private func kept(_ weights: [Float], _ cut: ThresholdSearch.Cut) -> [Float] {
        let above = weights.filter { $0 > cut.weight }
        let equal = weights.count { $0 == cut.weight } - cut.excess
        return above.sorted(by: >) + Array(repeating: cut.weight, count: equal)
    }

    @Test(arguments: shapes) func `a count is met exactly`(shape: String) {
        for count in [1, 2, 15, 16, 17, 64, 65, 1000, 20_000] {
            var generator = SeededGenerator(seed: UInt64(count))
            let weights = weights(shape, count, &generator)
            let positive = weights.filter { $0 > 0 }.sorted(by: >)
            for kernels in availableKernels {
                let search = ThresholdSearch(kernels: kernels, count: count)
                for target in [1, 2, 7, count / 2, count - 1, count, count + 5] where target > 0 {
                    let cut = weights.withRow { search.cut($0, .count, reaching: Double(target)) }
                    #expect(
                        kept(weights, cut) == Array(positive.prefix(target)),
                        "\(shape), count \(count), target \(target)")
                }
            }
        }
    }

    /// Fewest weights, largest first, that reach the mass: within the rounding of fp32 block sums,
    /// 2^-17 of the total.
    @Test(arguments: shapes) func `a mass is met by the fewest`(shape: String) {
        for count in [1, 2, 15, 16, 17, 64, 65, 1000, 20_000] {
            var generator = SeededGenerator(seed: UInt64(count))
            let weights = weights(shape, count, &generator)
            let positive = weights.filter { $0 > 0 }.sorted(by: >)
            let total = positive.reduce(0) { $0 + Double($1) }
            for kernels in availableKernels {
                let search = ThresholdSearch(kernels: kernels, count: count)
                for share in [1e-9, 0.1, 0.5, 0.9, 0.999, 1] {
                    let cut = weights.withRow { search.cut($0, .mass, reaching: share * total) }
                    let left = kept(weights, cut)
                    let label = "\(shape), count \(count), share \(share)"
                    #expect(left == Array(positive.prefix(left.count)), "\(label)")
                    let mass = left.reduce(0) { $0 + Double($1) }
                    let slack = total * 0x1p-17
                    #expect(mass >= share * total - slack, "\(label)")
                    let fewer = mass - Double(left.last ?? 0)
                    #expect(left.count == 1 || fewer < share * total + slack, "\(label)")
                }
            }
        }
    }
}
