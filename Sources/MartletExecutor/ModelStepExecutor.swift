import MartletModels
import MartletSampling
package import MartletScheduling
package import MartletTensor

/// Runs steps on a real model: forward, then sampling, group by group of logits.
package final class ModelStepExecutor: StepExecutor {
    private let makeRunner: () throws(ExecutorError) -> ModelRunner
    private var runner: ModelRunner
    private let sampler: Sampler
    /// The latest step's results, and what the latest group of rows was sampled with: kept for
    /// their memory.
    private var results: [StepResult] = []
    private var states: [SamplerState] = []

    /// - Parameter makeRunner: Makes the runner, now and after a failure.
    package init(
        pool: WorkerPool, makeRunner: @escaping () throws(ExecutorError) -> ModelRunner
    ) throws(ExecutorError) {
        self.makeRunner = makeRunner
        runner = try makeRunner()
        sampler = Sampler(
            vocabularySize: runner.model.description.vocabularySize, pool: pool)
    }

    package func restart() throws {
        runner = try makeRunner()
    }

    package func execute(
        _ batch: ScheduledBatch, sequences: [StepSequence]
    ) throws -> [StepResult] {
        results.removeAll(keepingCapacity: true)
        for _ in batch.sequences { results.append(StepResult()) }
        try runner.forward(batch) { group in
            var start = 0
            while start < group.rows.count {
                let end = group.endOfRun(from: start)
                let logits = group.logits.rows(start..<end)
                let rows = group.rows[start..<end]
                if rows.first?.kind == .sample {
                    sample(logits, rows, sequences)
                } else {
                    report(logits, rows, sequences)
                }
                start = end
            }
        }
        return results
    }

    package func copyBlocks(_ copies: [(source: Int32, target: Int32)]) {
        runner.copyBlocks(copies)
    }

    package var blockByteCount: Int { runner.blockByteCount }

    /// See ``ModelRunner/cacheLayoutDescription``.
    package var cacheLayoutDescription: String { runner.cacheLayoutDescription }

    package func readBlock(_ block: Int32, into buffer: UnsafeMutableRawBufferPointer) {
        runner.readBlock(block, into: buffer)
    }

    package func writeBlock(_ block: Int32, from buffer: UnsafeRawBufferPointer) {
        runner.writeBlock(block, from: buffer)
    }

    private func sample(
        _ logits: Tensor, _ rows: ArraySlice<StepLogits.Row>, _ sequences: [StepSequence]
    ) {
        for row in rows { states.append(sequences[row.sequenceIndex].sampler) }
        let tokens = sampler.sample(logits, states: states)
        // Not to hold what the sequences are about to change.
        states.removeAll(keepingCapacity: true)
        for (row, token) in zip(rows, tokens) { results[row.sequenceIndex].token = token }
    }

    /// Reports prompt tokens of one sequence. Rows whose next token was generated, which come
    /// again after a preemption, have no target and are dropped.
    private func report(
        _ logits: Tensor, _ rows: ArraySlice<StepLogits.Row>, _ sequences: [StepSequence]
    ) {
        guard let index = rows.first?.sequenceIndex,
            let topCount = sequences[index].promptLogprobCount
        else { return }
        let prompt = sequences[index].promptTokens
        let targets = rows.compactMap { row -> Int32? in
            guard case .prompt(let position) = row.kind, position + 1 < prompt.count else {
                return nil
            }
            return prompt[position + 1]
        }
        guard !targets.isEmpty else { return }
        results[index].promptLogprobs += sampler.logprobs(
            logits.prefix(rows: targets.count), targets: targets, topCount: topCount)
    }
}

extension StepLogits {
    /// The end of the rows from `start` on that are handled alike: those that sample, of whatever
    /// sequences, or prompt rows of one sequence.
    fileprivate func endOfRun(from start: Int) -> Int {
        let first = rows[start]
        let isSampling = first.kind == .sample
        return rows[start...].firstIndex { row in
            let samples = row.kind == .sample
            return samples != isSampling
                || (!isSampling && row.sequenceIndex != first.sequenceIndex)
        } ?? rows.count
    }
}
