import Foundation
import MartletSampling
import MartletTensor
import MartletTestSupport
import Testing

@Suite struct SamplerTests {
    private func sample(
        _ rows: [[Float]], _ states: [SamplerState], kernels: KernelTable = .selected
    ) -> [SampledToken] {
        let pool = WorkerPool(threadCount: 1)
        let sampler = Sampler(
            vocabularySize: rows[0].count, pool: pool, kernels: kernels)
        return sampler.sample(Tensor(rows), states: states)
    }

    @Test(arguments: [1, 2, 15, 16, 17, 1000])
    func `greedy takes the lowest of the most probable`(count: Int) {
        for seed in 0..<20 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let row = generator.gridLogits(count)
            let expected = row.firstIndex(of: row.max() ?? 0)
            for kernels in availableTables {
                for parameters in [
                    SamplingParameters.with { $0.temperature = 0 }, .with { $0.topK = 1 },
                    .with {
                        $0.temperature = 9e-6; $0.topP = 0.5
                    }, .with { $0.topP = 1e-9 },
                ] {
                    let state = SamplerState(parameters, vocabularySize: count)
                    let token = sample([row], [state], kernels: kernels)[0]
                    #expect(Int(token.id) == expected, "seed \(seed)")
                    #expect(token.logprobs == nil)
                }
            }
        }
    }

    @Test func `a row without probabilities gives the lowest allowed token`() {
        let masked = [Float](repeating: -.infinity, count: 100)
        let unknown = [Float](repeating: .nan, count: 100)
        let allowed = SamplingParameters.with {
            $0.allowedTokenIDs = [70, 40]; $0.logprobCount = 2
        }
        for kernels in availableTables {
            for temperature in [Float(0), 1] {
                for row in [masked, unknown] {
                    var parameters = allowed
                    parameters.temperature = temperature
                    let plain = SamplingParameters.with { $0.temperature = temperature }
                    let tokens = sample(
                        [row, row],
                        [
                            SamplerState(parameters, vocabularySize: 100),
                            SamplerState(plain, vocabularySize: 100),
                        ], kernels: kernels)
                    #expect(tokens.map(\.id) == [40, 0])
                    let report = tokens[0].logprobs
                    #expect(report?.chosen == TokenLogprob(id: 40, logprob: -.infinity, rank: 100))
                    #expect(report?.top.map(\.id) == [0, 1])
                }
            }
        }
    }

    @Test func `a grammar mask comes before the reported probabilities, edits do not`() throws {
        var mask = TokenBitmask(vocabularySize: 4)
        mask.insert(1)
        mask.insert(2)
        let parameters = SamplingParameters.with {
            $0.temperature = 0
            $0.logprobCount = 4
            $0.logitBias = [1: 50]
        }
        var state = SamplerState(parameters, vocabularySize: 4)
        state.grammarMask = mask
        let token = sample([[9, 1, 1, 9]], [state])[0]
        #expect(token.id == 1)
        let report = try #require(token.logprobs)
        #expect(report.top.map(\.id) == [1, 2, 0, 3])
        #expect(abs(report.chosen.logprob - log(0.5)) < 1e-6)
        #expect(report.top.map(\.logprob).suffix(2) == [-.infinity, -.infinity])
    }

    @Test func `min_tokens yields where a grammar allows only the end`() {
        let parameters = SamplingParameters.with {
            $0.temperature = 0
            $0.minimumTokenCount = 5
        }
        var state = SamplerState(parameters, endOfSequence: [3], vocabularySize: 4)
        #expect(sample([[0, 1, 2, 9]], [state])[0].id == 2)
        var mask = TokenBitmask(vocabularySize: 4)
        mask.insert(3)
        state.grammarMask = mask
        #expect(sample([[0, 1, 2, 9]], [state])[0].id == 3)
    }

    @Test func `temperatures between greedy and a hundredth are a hundredth`() {
        var generator = SeededGenerator(seed: 3)
        let row = generator.logits(50, spread: 0.02)
        for position in 0..<50 as Range<Int32> {
            let tokens = [Float(0.0001), 0.005, 0.01].map { temperature in
                let parameters = SamplingParameters.with {
                    $0.temperature = temperature
                    $0.seed = 8
                }
                let output = [Int32](repeating: 1, count: Int(position))
                return sample([row], [.init(parameters, output: output, vocabularySize: 50)])[0].id
            }
            #expect(Set(tokens).count == 1)
        }
    }
}
