/// Who may come in: counts the requests of an engine and refuses beyond its limits.
///
/// A request is reserved before anything of it is read, then counted as waiting, then as running,
/// and forgotten when it ends. A pure value: the time is passed in.
struct RequestAdmission: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    /// What a refused client is told.
    struct Refusal: Error, Hashable, Sendable {
        let reason: AdmissionRefusal
        /// When a retry is likely to be accepted.
        let retryAfter: Duration
    }

    let limits: AdmissionLimits
    /// Requests that are reserved and have not ended.
    private(set) var openCount = 0
    /// Requests among them that have not been scheduled yet.
    private(set) var waitingCount = 0
    /// Prompt tokens of those, as far as they are known.
    private(set) var waitingTokenCount = 0
    private(set) var refusedCounts: [AdmissionRefusal: Int] = [:]
    private var rate = DrainRate()
    /// The latest moment for which a refused client was told to come back.
    private var lastPromise: Instant?

    /// Until ends have been measured, and as the least that is promised.
    private static let retryAfterMin = Duration.seconds(1)
    private static let retryAfterMax = Duration.seconds(600)

    init(limits: AdmissionLimits) {
        self.limits = limits
    }

    /// Takes a place for a request of which nothing is known yet.
    ///
    /// - Parameter pressure: What keeps the machine from taking on more, if anything does.
    mutating func reserve(
        now: Instant, pressure: AdmissionRefusal? = nil
    ) throws(Refusal) {
        rate.advance(to: now, isServing: openCount > 0)
        if let pressure { throw refusal(pressure, now: now) }
        guard openCount < limits.openCount else { throw refusal(.queueSize, now: now) }
        openCount += 1
        waitingCount += 1
    }

    /// Counts the tokens of a reserved request's prompt.
    mutating func enqueue(tokenCount: Int, now: Instant) throws(Refusal) {
        if let limit = limits.queuedTokenCount, waitingTokenCount > 0,
            tokenCount > limit - waitingTokenCount
        {
            throw refusal(.queuedTokens, now: now)
        }
        waitingTokenCount += tokenCount
    }

    /// Notes that a waiting request was scheduled.
    mutating func start(tokenCount: Int) {
        waitingCount -= 1
        waitingTokenCount -= tokenCount
    }

    /// Forgets a request.
    ///
    /// - Parameter waitingTokenCount: The tokens counted for it if it still waits; nil if it ran.
    mutating func end(waitingTokenCount: Int?, now: Instant) {
        rate.advance(to: now, isServing: openCount > 0)
        openCount -= 1
        if let waitingTokenCount {
            start(tokenCount: waitingTokenCount)
        } else {
            rate.noteEnd()
        }
        // With places going begging, those who were told to come back do not: their turns are
        // free. A queue that is merely short means that they come as they were told.
        if openCount <= limits.concurrentCount / 2 { lastPromise = nil }
    }

    /// Counts a refusal and says when to come back.
    ///
    /// Every refused client gets a moment of its own: told the same one, they would all come back
    /// together and all but one would be refused again.
    mutating func refusal(_ reason: AdmissionRefusal, now: Instant) -> Refusal {
        refusedCounts[reason, default: 0] += 1
        rate.advance(to: now, isServing: openCount > 0)
        guard let rate = rate.perSecond else {
            return Refusal(reason: reason, retryAfter: Self.retryAfterMin)
        }
        // Requests that came together end together: the first turn comes when as many have ended
        // as are worked on at a time, and the others follow at the rate of ends.
        let first = now + .seconds(Double(limits.concurrentCount) / rate)
        let turn = max(lastPromise ?? first, now) + .seconds(1 / rate)
        lastPromise = min(turn, now + Self.retryAfterMax)
        let delay = min(max(turn - now, Self.retryAfterMin), Self.retryAfterMax)
        return Refusal(reason: reason, retryAfter: delay)
    }
}
