/// Turns events into totals. A pure value: times come with the events.
struct EventAccount {
    private(set) var totals = EngineTotals()
    private var requests: [UInt64: RequestTimeline] = [:]
    /// How many open requests are followed. Those beyond it are counted, but not timed.
    private let followedCountMax: Int

    init(followedCountMax: Int) {
        self.followedCountMax = followedCountMax
    }

    /// How many open requests are followed.
    var followedCount: Int { requests.count }

    mutating func take(_ event: EngineEvent) {
        switch event.kind {
        case .admitted: admit(event)
        case .scheduled(let cachedTokenCount):
            change(event) { request in
                request.cachedTokenCount = cachedTokenCount
                request.firstStep = request.firstStep ?? event.time
            }
        case .firstToken: takeFirstToken(event)
        case .tokens(let count): takeTokens(count, event)
        case .preempted:
            totals.preemptionCount += 1
            change(event) { $0.preemptionCount += 1 }
        case .finished(let outcome, _, let count): finish(outcome, count, event)
        case .refused(let reason): totals.refusedCounts[reason, default: 0] += 1
        case .stepCompleted(let tokenCount, _, let duration):
            totals.stepCount += 1
            totals.lastStepTime = event.time
            totals.histograms.iterationTokens.observe(Double(tokenCount))
            totals.histograms.stepDuration.observe(duration)
        case .stepFailed: totals.failedStepCount += 1
        case .restarted: totals.restartCount += 1
        case .slept, .woke: break
        }
    }

    private mutating func change(
        _ event: EngineEvent, _ body: (inout RequestTimeline) -> Void
    ) {
        guard let index = requests.index(forKey: event.request) else { return }
        body(&requests.values[index])
    }

    private mutating func admit(_ event: EngineEvent) {
        guard
            case .admitted(let promptTokenCount, let maximumTokenCount, let arrival, let choices) =
                event.kind
        else { return }
        totals.admittedCount += 1
        guard requests.count < followedCountMax else { return }
        requests[event.request] = RequestTimeline(
            arrival: arrival ?? event.time, admission: event.time,
            promptTokenCount: promptTokenCount, maximumTokenCount: maximumTokenCount,
            choiceCount: choices)
    }

    private mutating func takeFirstToken(_ event: EngineEvent) {
        totals.generationTokenCount += 1
        guard let request = requests[event.request] else { return }
        totals.promptTokenCount += request.promptTokenCount
        totals.cachedPromptTokenCount += request.cachedTokenCount
        totals.histograms.timeToFirstToken.observe(event.time - request.arrival)
        change(event) { request in
            request.firstToken = event.time
            request.lastToken = event.time
        }
    }

    private mutating func takeTokens(_ count: Int, _ event: EngineEvent) {
        totals.generationTokenCount += count
        guard let index = requests.index(forKey: event.request) else { return }
        // Events do not tell which of several completions they are of, so there is no interval.
        if requests.values[index].choiceCount == 1,
            let last = requests.values[index].lastToken
        {
            totals.histograms.interTokenLatency.observe(event.time - last)
        }
        requests.values[index].lastToken = event.time
    }

    private mutating func finish(
        _ outcome: RequestOutcome, _ generationTokenCount: Int, _ event: EngineEvent
    ) {
        let request = requests.removeValue(forKey: event.request)
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
