import MartletExecutor
import MartletSampling
import MartletScheduling

extension EngineCore {
    /// Lets the scheduler decide a step and runs it.
    func step() {
        guard let executor else { return }
        let batch = scheduler.schedule()
        forgetEvictedPrefixes()
        for id in batch.unschedulable {
            guard let key = sequences[id]?.request else { continue }
            close(
                key,
                throwing: EngineError(
                    .outOfCache, "The KV cache is too small for the request's length."))
        }
        note(batch)
        guard !batch.sequences.isEmpty else { return }
        publishNews()
        statistics.stepCount += 1
        do {
            let results = try compute(batch, on: executor)
            guard !run.isGivenUp else { return }
            scheduler.completeStep()
            for (scheduled, result) in zip(batch.sequences, results) {
                deliver(result, for: scheduled)
            }
        } catch {
            fail(batch, because: error, on: executor)
        }
    }

    private func compute(
        _ batch: ScheduledBatch, on executor: any StepExecutor
    ) throws -> [StepResult] {
        fillStepSequences(with: batch)
        // Not to hold what the sequences are about to change.
        defer { stepSequences.removeAll(keepingCapacity: true) }
        let (clock, heartbeat) = (surroundings.clock, run.heartbeat)
        return try run.share.turn {
            let start = clock.now()
            heartbeat.beginStep(start)
            executor.copyBlocks(batch.copies.map { (source: $0.source, target: $0.target) })
            let results = Result { try executor.execute(batch, sequences: stepSequences) }
            let end = clock.now()
            if case .success = results { heartbeat.endStep(end, failed: false) }
            record(
                .stepCompleted(
                    tokenCount: batch.totalTokenCount, sequenceCount: batch.sequences.count,
                    duration: end - start))
            return try results.get()
        }
    }

    /// Tells who starts and who has to make room in a step.
    private func note(_ batch: ScheduledBatch) {
        for id in batch.preempted {
            guard let key = sequences[id]?.request else { continue }
            record(.preempted, requests[key])
        }
        guard !batch.started.isEmpty else { return }
        let started = Set(batch.started)
        for scheduled in batch.sequences where started.contains(scheduled.id) {
            guard let key = sequences[scheduled.id]?.request, let request = requests[key],
                !request.hasStarted
            else { continue }
            request.hasStarted = true
            request.admitted.ticket.start()
            run.markStarted(key)
            record(.scheduled(cachedTokenCount: scheduled.cachedTokenCount), request)
        }
    }

    private func fillStepSequences(with batch: ScheduledBatch) {
        for scheduled in batch.sequences {
            guard let sequence = sequences[scheduled.id] else { continue }
            stepSequences.append(
                StepSequence(
                    sampler: sequence.sampler, promptTokens: sequence.promptTokens,
                    promptLogprobCount: sequence.promptLogprobCount))
        }
    }

    // MARK: Output

    private func deliver(_ result: StepResult, for scheduled: ScheduledSequence) {
        let id = scheduled.id
        guard let sequence = sequences[id] else { return }
        let key = sequence.request
        sequence.noteCached(scheduled.cachedTokenCount)
        sequence.collect(result.promptLogprobs, startPosition: scheduled.startPosition)
        guard let token = result.token else {
            statistics.promptTokenCount += scheduled.tokens.count
            return
        }
        statistics.promptTokenCount += scheduled.tokens.count - 1
        let output = sequence.accept(token)
        statistics.generationTokenCount += output.tokenCount
        guard pass(output, to: key) else { return cut(key) }
        if let reason = output.finishReason {
            finish(id, of: key, because: reason)
        } else {
            scheduler.append(token.id, to: id)
        }
    }

    /// - Returns: False where the reader is too far behind.
    private func pass(_ output: OutputDelta, to key: RequestKey) -> Bool {
        guard let request = requests[key] else { return true }
        let count = output.tokenCount
        if count > 0 {
            let isFirst = request.generatedTokenCount == 0
            record(isFirst ? .firstToken : .tokens(count: count), request)
        }
        request.generatedTokenCount += count
        if touched.last !== request.slot { touched.append(request.slot) }
        return request.slot.merge(output, now: now)
    }

    private func finish(_ id: SequenceID, of key: RequestKey, because reason: FinishReason) {
        scheduler.finish(id)
        sequences[id] = nil
        guard let request = requests[key] else { return }
        request.openSequences.remove(id)
        guard request.openSequences.isEmpty else { return }
        statistics.finishedCounts[reason, default: 0] += 1
        close(key, outcome: .finished(reason))
    }

    // MARK: Failure

    /// Ends the requests that a failed step was made for: the one that the executor names, or all
    /// of them. None is tried again, so a request that breaks steps breaks one. The others go on
    /// from their tokens, in memory made anew, since nobody knows what the step has left in it.
    private func fail(
        _ batch: ScheduledBatch, because error: any Error, on executor: any StepExecutor
    ) {
        run.heartbeat.endStep(now, failed: true)
        guard !run.isGivenUp else { return }
        record(.stepFailed)
        let culprit = (error as? ExecutorError)?.sequence
        for scheduled in batch.sequences where culprit == nil || culprit == scheduled.id {
            guard let key = sequences[scheduled.id]?.request else { continue }
            close(key, throwing: EngineError(.stepFailed, "The step failed: \(error)"))
        }
        loseCache()
        guard culprit == nil else { return }
        do {
            try executor.restart()
            record(.restarted)
        } catch {
            self.executor = nil
            run.close()
            for key in requests.keys {
                close(key, throwing: EngineError(.stepFailed, "The engine failed: \(error)"))
            }
        }
    }
}
