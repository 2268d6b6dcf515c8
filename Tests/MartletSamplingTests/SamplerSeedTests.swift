import Foundation
import MartletSampling
import MartletTensor
import MartletTestSupport
import Testing

/// Randomness: repeatable, independent between positions, and of the right distribution.
@Suite struct SamplerSeedTests {
    /// What `parameters` draw at the first `length` positions, always from `row`.
    private func draws(
        _ parameters: SamplingParameters, _ row: [Float], length: Int, randomSeed: UInt64 = 0,
        index: Int = 0
    ) -> [Int32] {
        let sampler = RowSampler(
            kernels: SamplingKernels(.selected), vocabularySize: row.count)
        var state = SamplerState(
            parameters, vocabularySize: row.count, randomSeed: randomSeed, index: index)
        for _ in 0..<length { state.append(row.withRow { sampler.choose($0, for: state) }) }
        return state.outputTokens
    }

    private let row = { (seed: UInt64) in
        var generator = SeededGenerator(seed: seed)
        return generator.logits(200, spread: 0.5)
    }

    @Test func `a seed repeats its tokens whatever the engine's seed is`() {
        let seeded = SamplingParameters.with { $0.seed = 42 }
        let tokens = draws(seeded, row(1), length: 100, randomSeed: 1)
        #expect(tokens == draws(seeded, row(1), length: 100, randomSeed: 2))
        #expect(Set(tokens).count > 20, "positions draw anew")
        #expect(tokens != draws(.with { $0.seed = 43 }, row(1), length: 100))
    }

    @Test func `completion i of a seed is completion 0 of seed + i`() {
        let tokens = draws(.with { $0.seed = 42 }, row(1), length: 50, index: 3)
        #expect(tokens == draws(.with { $0.seed = 45 }, row(1), length: 50))
        let wrapped = draws(.with { $0.seed = .max }, row(1), length: 50, index: 1)
        #expect(wrapped == draws(.with { $0.seed = .min }, row(1), length: 50))
    }

    @Test func `without a seed the engine's seed and the completion decide`() {
        let parameters = SamplingParameters()
        let tokens = draws(parameters, row(1), length: 50, randomSeed: 5)
        #expect(tokens == draws(parameters, row(1), length: 50, randomSeed: 5))
        #expect(tokens != draws(parameters, row(1), length: 50, randomSeed: 6))
        #expect(tokens != draws(parameters, row(1), length: 50, randomSeed: 5, index: 1))
    }

    /// Pearson's statistic over tokens expected at least 5 times, the rest in one bin, against its
    /// mean and five times its standard deviation. Seeds are fixed, so this cannot flake.
    @Test(arguments: [
        SamplingParameters.with { $0.seed = 1 },
        .with {
            $0.seed = 2; $0.topK = 20
        },
        .with {
            $0.seed = 3; $0.topK = 100
        },
        .with {
            $0.seed = 4; $0.topP = 0.8
        },
        .with {
            $0.seed = 5; $0.minP = 0.2
        },
        .with {
            $0.seed = 6; $0.temperature = 0.6
        },
        .with {
            $0.seed = 7; $0.temperature = 1.5; $0.topK = 120; $0.topP = 0.9; $0.minP = 0.02
        },
    ])
    func `tokens are drawn by their probabilities`(parameters: SamplingParameters) {
        let row = row(2)
        let count = 100_000
        let expected = SamplingReference.candidates(row, parameters)
        let total = expected.reduce(0) { $0 + $1.weight }
        var seen = [Double](repeating: 0, count: row.count)
        for token in draws(parameters, row, length: count) { seen[Int(token)] += 1 }
        let allowed = Set(expected.map(\.token))
        #expect(row.indices.allSatisfy { seen[$0] == 0 || allowed.contains(Int32($0)) })
        var statistic = 0.0
        var bins = 0.0
        var rest = (seen: 0.0, expected: 0.0)
        for (token, weight) in expected {
            let mean = weight / total * Double(count)
            if mean >= 5 {
                statistic += (seen[Int(token)] - mean) * (seen[Int(token)] - mean) / mean
                bins += 1
            } else {
                rest.seen += seen[Int(token)]
                rest.expected += mean
            }
        }
        if rest.expected >= 5 {
            statistic += (rest.seen - rest.expected) * (rest.seen - rest.expected) / rest.expected
            bins += 1
        }
        let degrees = bins - 1
        #expect(abs(statistic - degrees) < 5 * (2 * degrees).squareRoot(), "\(degrees) degrees")
    }
}
