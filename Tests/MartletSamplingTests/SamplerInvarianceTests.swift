import MartletSampling
import MartletTensor
import MartletTestSupport
import Testing

/// A row's token and report are the same alone and in any batch, on any number of threads.
@Suite struct SamplerInvarianceTests {
    private struct Batch {
        let rows: [[Float]]
        let states: [SamplerState]

        init(count: Int, vocabularySize: Int, seed: UInt64) {
            var generator = SeededGenerator(seed: seed)
            let tokens = 0..<Int32(vocabularySize)
            var rows: [[Float]] = []
            states = (0..<count).map { _ in
                rows.append(generator.logits(vocabularySize))
                let text = (0..<30).map { _ in Int32.random(in: tokens, using: &generator) }
                return SamplerState(
                    .random(vocabularySize: vocabularySize, &generator),
                    prompt: Array(text.prefix(20)), output: Array(text.suffix(10)),
                    endOfSequence: [1], vocabularySize: vocabularySize,
                    randomSeed: generator.next())
            }
            self.rows = rows
        }
    }

    @Test(arguments: [1, 2, 3, 8])
    func `threads and neighbours make no difference`(threadCount: Int) {
        let vocabularySize = 3001
        let batch = Batch(count: 64, vocabularySize: vocabularySize, seed: 77)
        for kernels in availableTables {
            let single = Sampler(
                vocabularySize: vocabularySize, pool: WorkerPool(threadCount: 1), kernels: kernels)
            let alone = batch.rows.indices.map { index in
                single.sample(Tensor([batch.rows[index]]), states: [batch.states[index]])[0]
            }
            let sampler = Sampler(
                vocabularySize: vocabularySize, pool: WorkerPool(threadCount: threadCount),
                kernels: kernels)
            #expect(sampler.sample(Tensor(batch.rows), states: batch.states) == alone)
            let backwards = sampler.sample(
                Tensor(batch.rows.reversed()), states: batch.states.reversed())
            #expect(backwards == alone.reversed())
            let targets = alone.map(\.id)
            let reports = sampler.logprobs(Tensor(batch.rows), targets: targets, topCount: 7)
            let lone = zip(batch.rows, targets).flatMap {
                single.logprobs(Tensor([$0]), targets: [$1], topCount: 7)
            }
            #expect(reports == lone)
        }
    }

    @Test func `an empty batch gives no tokens`() {
        let sampler = Sampler(vocabularySize: 10, pool: WorkerPool(threadCount: 2))
        #expect(sampler.sample(Tensor(rows: 0, columns: 10), states: []).isEmpty)
    }
}
