import MartletExecutor
import MartletSampling
import MartletScheduling

/// The engine's heart: owns the scheduler, every open sequence and the executor.
///
/// One thread owns it. Its ``turn(waits:)`` is synchronous: it takes commands from the mailbox,
/// lets the scheduler decide a step, runs it and puts the output into the requests' slots.
final class EngineCore {
    private struct OpenRequest {
        let slot: OutputSlot
        var openSequences: Set<SequenceID>
    }

    private var scheduler: Scheduler
    private let executor: any StepExecutor
    private let model: TextModel
    private let mailbox: Mailbox
    private let published: StatisticsBox
    private var statistics = EngineStatistics()
    private var requests: [RequestKey: OpenRequest] = [:]
    private var sequences: [SequenceID: SequenceOutput] = [:]
    private var nextSequence: UInt64 = 0
    /// Slots that got output in this step; their readers are woken at its end.
    private var touched: [OutputSlot] = []

    init(parts: EngineParts, mailbox: Mailbox, published: StatisticsBox) {
        scheduler = parts.scheduler
        executor = parts.executor
        model = parts.model.text
        self.mailbox = mailbox
        self.published = published
        publish()
    }

    /// Takes turns until the mailbox is closed, then ends what is still open.
    func run() {
        while turn(waits: true) {}
        for key in requests.keys { abort(key) }
        publish()
    }

    /// One step, with the commands that came before it.
    ///
    /// - Parameter waits: Whether to sleep while there is nothing to do.
    /// - Returns: False once the mailbox is closed.
    func turn(waits: Bool) -> Bool {
        let idle = !scheduler.hasUnfinishedSequences
        let (commands, isClosed) = mailbox.drain(waits: waits && idle)
        for command in commands { obey(command) }
        if isClosed { return false }
        if scheduler.hasUnfinishedSequences { step() }
        publish()
        return true
    }

    private func publish() {
        for slot in touched { slot.publish() }
        touched.removeAll(keepingCapacity: true)
        statistics.update(from: scheduler)
        published.latest = statistics
    }

    // MARK: Commands

    private func obey(_ command: EngineCommand) {
        switch command {
        case .submit(let request): open(request)
        case .cancel(let key): abort(key)
        case .resetPrefixCache(let answer):
            answer.fulfil(.success(scheduler.resetPrefixCache()))
        }
    }

    private func open(_ request: AdmittedRequest) {
        requests[request.key] = OpenRequest(slot: request.slot, openSequences: [])
        let prepared = request.prepared
        for index in 0..<prepared.sampling.n {
            nextSequence += 1
            let id = SequenceID(rawValue: nextSequence)
            let output = SequenceOutput(request, index: index, model: model)
            var scheduled = SchedulerRequest(
                id: id, promptTokens: prepared.promptTokens, priority: prepared.priority,
                cacheSalt: prepared.cacheSalt,
                wantsPromptLogprobs: output.promptLogprobCount != nil)
            scheduled.expectedLengthMax = prepared.sampling.maximumTokenCount.map {
                prepared.promptTokens.count + $0
            }
            do {
                try scheduler.add(scheduled)
            } catch {
                close(request.key, throwing: EngineError(.outOfCache, "\(error)"))
                return
            }
            sequences[id] = output
            requests[request.key]?.openSequences.insert(id)
        }
    }

    /// Ends a request for its caller's sake; unknown keys have ended already.
    private func abort(_ key: RequestKey) {
        guard let request = requests[key] else { return }
        for id in request.openSequences {
            guard let index = sequences[id]?.index else { continue }
            var output = GenerationOutput(index: index)
            output.finishReason = .abort
            request.slot.merge(output)
        }
        statistics.finishedCounts[.abort, default: 0] += 1
        close(key)
    }

    /// Forgets a request and frees what its sequences hold.
    private func close(_ key: RequestKey, throwing error: EngineError? = nil) {
        guard let request = requests.removeValue(forKey: key) else { return }
        for id in request.openSequences {
            scheduler.finish(id)
            sequences[id] = nil
        }
        request.slot.finish(throwing: error)
    }

    // MARK: Steps

    private func step() {
        let batch = scheduler.schedule()
        for id in batch.unschedulable {
            guard let key = sequences[id]?.request else { continue }
            close(
                key,
                throwing: EngineError(
                    .outOfCache, "The KV cache is too small for the request's length."))
        }
        guard !batch.sequences.isEmpty else { return }
        statistics.stepCount += 1
        do {
            let results = try executor.execute(batch, sequences: stepSequences(of: batch))
            scheduler.completeStep()
            for (scheduled, result) in zip(batch.sequences, results) {
                deliver(result, for: scheduled)
            }
        } catch {
            for scheduled in batch.sequences {
                guard let key = sequences[scheduled.id]?.request else { continue }
                close(key, throwing: EngineError(.stepFailed, "The step failed: \(error)"))
            }
        }
    }

    private func stepSequences(of batch: ScheduledBatch) -> [StepSequence] {
        batch.sequences.compactMap { scheduled in
            sequences[scheduled.id].map {
                StepSequence(
                    sampler: $0.sampler, promptTokens: $0.promptTokens,
                    promptLogprobCount: $0.promptLogprobCount)
            }
        }
    }

    private func deliver(_ result: StepResult, for scheduled: ScheduledSequence) {
        let id = scheduled.id
        guard let request = sequences[id]?.request else { return }
        sequences[id]?.noteCached(scheduled.cachedTokenCount)
        sequences[id]?.collect(result.promptLogprobs, startPosition: scheduled.startPosition)
        guard let token = result.token else {
            statistics.promptTokenCount += scheduled.tokens.count
            return
        }
        statistics.promptTokenCount += scheduled.tokens.count - 1
        guard let output = sequences[id]?.accept(token) else { return }
        statistics.generationTokenCount += output.tokenIDs.count
        if let slot = requests[request]?.slot {
            slot.merge(output)
            touched.append(slot)
        }
        if let reason = output.finishReason {
            finish(id, of: request, because: reason)
        } else {
            scheduler.append(token.id, to: id)
        }
    }

    private func finish(_ id: SequenceID, of key: RequestKey, because reason: FinishReason) {
        scheduler.finish(id)
        sequences[id] = nil
        requests[key]?.openSequences.remove(id)
        guard requests[key]?.openSequences.isEmpty == true else { return }
        statistics.finishedCounts[reason, default: 0] += 1
        close(key)
    }
}
