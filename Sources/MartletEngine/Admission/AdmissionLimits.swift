/// How much an engine takes on before it refuses.
struct AdmissionLimits: Hashable, Sendable {
    /// The most requests that are worked on at a time.
    var concurrentCount: Int
    /// The most requests that wait beside those.
    var queueSize: Int
    /// The most prompt tokens of all requests that wait; nil for no limit. A single request may
    /// exceed it while nothing else waits.
    var queuedTokenCount: Int?

    /// The most requests at a time, worked on or waiting.
    var openCount: Int {
        let (sum, overflow) = concurrentCount.addingReportingOverflow(queueSize)
        return overflow ? .max : sum
    }
}

extension AdmissionLimits {
    init(_ configuration: AsyncEngineConfiguration) {
        self.init(
            concurrentCount: configuration.startingSequenceCount,
            queueSize: configuration.maximumQueueSize,
            queuedTokenCount: configuration.maximumQueuedTokenCount)
    }
}
