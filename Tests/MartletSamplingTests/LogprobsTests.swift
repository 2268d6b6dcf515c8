import MartletSampling
import MartletTensor
import MartletTestSupport
import Testing

/// Reports against a full sort and log-softmax in double precision.
@Suite struct LogprobsTests {
    private func reports(
        _ row: [Float], targets: [Int32], topCount: Int, _ kernels: KernelTable
    ) -> [TokenLogprobs] {
        let sampler = Sampler(
            vocabularySize: row.count, pool: WorkerPool(threadCount: 1), kernels: kernels)
        let logits = Tensor(Array(repeating: row, count: targets.count))
        return sampler.logprobs(logits, targets: targets, topCount: topCount)
    }

    /// fp32 sums over a block err by 2^-24 of their value for each addition in a lane; the
    /// logarithm turns that into an absolute error, and the result is rounded once.
    @Test(arguments: [1, 2, 15, 16, 17, 300, 1000, 5003])
    func `values, ranks and order equal the definition`(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        var row = generator.gridLogits(count)
        if count > 20 { (row[3], row[7]) = (.nan, -.infinity) }
        let expected = SamplingReference.logprobs(row)
        let order = row.indices.sorted {
            expected[$0] == expected[$1] ? $0 < $1 : expected[$0] > expected[$1]
        }
        let targets = (0..<10).map { _ in Int32.random(in: 0..<Int32(count), using: &generator) }
        for kernels in availableTables {
            for topCount in [0, 1, 5, 20, 400, -1] {
                let reports = reports(row, targets: targets, topCount: topCount, kernels)
                for (target, report) in zip(targets, reports) {
                    let logprob = expected[Int(target)]
                    #expect(report.chosen.id == target)
                    #expect(report.chosen.rank == expected.count { $0 >= logprob })
                    let close = abs(Double(report.chosen.logprob) - logprob) < 1e-5
                    #expect(close || Double(report.chosen.logprob) == logprob)
                    let limit = topCount < 0 ? count : min(topCount, count)
                    #expect(report.top.map { Int($0.id) } == Array(order.prefix(limit)))
                    #expect(report.top.map(\.rank) == Array(1..<limit + 1))
                    #expect(report.top.allSatisfy { $0.logprob <= report.top[0].logprob })
                }
            }
        }
    }

    @Test func `sampled tokens report the row before their edits`() throws {
        var generator = SeededGenerator(seed: 4)
        let row = generator.logits(500)
        let expected = SamplingReference.logprobs(row)
        for kernels in availableTables {
            let sampler = Sampler(
                vocabularySize: 500, pool: WorkerPool(threadCount: 1), kernels: kernels)
            for seed in 0..<50 as Range<UInt64> {
                var parameters = SamplingParameters.random(vocabularySize: 500, &generator)
                parameters.logprobCount = 3
                let state = SamplerState(
                    parameters, prompt: [1, 2], output: [3, 4], vocabularySize: 500,
                    randomSeed: seed)
                let token = sampler.sample(Tensor([row]), states: [state])[0]
                let report = try #require(token.logprobs)
                #expect(report.chosen.id == token.id)
                let logprob = expected[Int(token.id)]
                #expect(abs(Double(report.chosen.logprob) - logprob) < 1e-5, "seed \(seed)")
                let best = report.top[0]
                #expect(Double(best.logprob) - (expected.max() ?? 0) < 1e-5 && best.rank == 1)
            }
        }
    }

    @Test func `infinite logits give finite reports`() {
        let row: [Float] = [.infinity, 0, -.infinity, .infinity]
        for kernels in availableTables {
            let report = reports(row, targets: [0], topCount: 4, kernels)[0]
            #expect(abs(report.chosen.logprob + 0.6931472) < 1e-6)
            #expect(report.chosen.rank == 2)
            #expect(report.top.map(\.id) == [0, 3, 1, 2])
            #expect(report.top.allSatisfy { !$0.logprob.isNaN })
        }
    }
}
