/// Turns events into totals. A pure value: times come with the events.
struct EventAccount {
    private(set) var totals = EngineTotals()
    private var requests: RequestTimelines

    /// - Parameter followedCountMax: How many open requests are followed. Those beyond it are
    ///   counted, but not timed.
    init(followedCountMax: Int) {
        requests = RequestTimelines(countMax: followedCountMax)
    }

    /// How many open requests are followed.
    var followedCount: Int { requests.count }

    mutating func take(_ event: EngineEvent) {
        let request = requests.note(event)
        switch event.kind {
        case .admitted: totals.admittedCount += 1
        case .scheduled, .slept, .woke: break
        case .firstToken: takeFirstToken(of: request, event)
        case .tokens(let count): takeTokens(count, of: request, event)
        case .preempted: totals.preemptionCount += 1
        case .finished(let outcome, _, let count): finish(request, outcome, count, event)
        case .refused(let reason): totals.refusedCounts[reason, default: 0] += 1
        case .stepCompleted(let tokenCount, _, let duration):
            totals.stepCount += 1
            totals.lastStepTime = event.time
            totals.histograms.iterationTokens.observe(Double(tokenCount))
            totals.histograms.stepDuration.observe(duration)
        case .stepFailed: totals.failedStepCount += 1
        case .restarted: totals.restartCount += 1
        }
    }

    private mutating func takeFirstToken(of request: RequestTimeline?, _ event: EngineEvent) {
        totals.generationTokenCount += 1
        guard let request else { return }
        totals.promptTokenCount += request.promptTokenCount
        totals.cachedPromptTokenCount += request.cachedTokenCount
        totals.histograms.timeToFirstToken.observe(event.time - request.arrival)
    }

    private mutating func takeTokens(
        _ count: Int, of request: RequestTimeline?, _ event: EngineEvent
    ) {
        totals.generationTokenCount += count
        // Events do not tell which of several completions they are of, so there is no interval.
        guard let request, request.choiceCount == 1, let last = request.lastToken else { return }
        totals.histograms.interTokenLatency.observe(event.time - last)
    }

    private mutating func finish(
        _ request: RequestTimeline?, _ outcome: RequestOutcome, _ generationTokenCount: Int,
        _ event: EngineEvent
    ) {
        switch outcome {
        case .finished(let reason):
            totals.finishedCounts[reason, default: 0] += 1
            // The times of requests that were broken off say nothing about the engine.
            if let request {
                totals.histograms.observe(
                    request, generationTokenCount: generationTokenCount, end: event.time)
            }
        case .cancelled(let cause): totals.cancelledCounts[cause, default: 0] += 1
        case .failed(let code): totals.failedCounts[code, default: 0] += 1
        }
    }
}
