/// Follows an engine's open requests by its events. A pure value: times come with the events.
struct RequestTimelines {
    private var timelines: [UInt64: RequestTimeline] = [:]
    /// How many open requests are followed.
    private let countMax: Int

    init(countMax: Int) {
        self.countMax = countMax
    }

    var count: Int { timelines.count }

    /// Notes what an event tells of its request.
    ///
    /// - Returns: What had happened to the request before; nil if it is new, or not followed.
    mutating func note(_ event: EngineEvent) -> RequestTimeline? {
        switch event.kind {
        case .admitted(let promptTokenCount, let maximumTokenCount, let arrival, let choiceCount):
            guard timelines.count < countMax else { return nil }
            timelines[event.request] = RequestTimeline(
                arrival: arrival ?? event.time, admission: event.time,
                promptTokenCount: promptTokenCount, maximumTokenCount: maximumTokenCount,
                choiceCount: choiceCount)
            return nil
        case .scheduled, .firstToken, .tokens, .preempted:
            guard let index = timelines.index(forKey: event.request) else { return nil }
            let earlier = timelines.values[index]
            timelines.values[index].note(event)
            return earlier
        case .finished: return timelines.removeValue(forKey: event.request)
        case .refused, .stepCompleted, .stepFailed, .restarted, .slept, .woke: return nil
        }
    }
}

extension RequestTimeline {
    fileprivate mutating func note(_ event: EngineEvent) {
        switch event.kind {
        case .scheduled(let cachedTokenCount):
            self.cachedTokenCount = cachedTokenCount
            firstStep = firstStep ?? event.time
        case .firstToken:
            firstToken = event.time
            lastToken = event.time
        case .tokens: lastToken = event.time
        case .preempted: preemptionCount += 1
        default: break
        }
    }
}
