/// Something that happened in an engine. Metrics, logs and traces are all derived from these.
public struct EngineEvent: Hashable, Sendable {
    /// What happened.
    public enum Kind: Hashable, Sendable {
        /// A request came in. `arrival` is when its caller asked for it, before its prompt was
        /// encoded; nil is the event's own time. `choiceCount` is the number of completions.
        case admitted(
            promptTokenCount: Int, maximumTokenCount: Int?,
            arrival: ContinuousClock.Instant? = nil, choiceCount: Int = 1)
        /// A request takes part in a step for the first time, with that many tokens of its prompt
        /// from the prefix cache.
        case scheduled(cachedTokenCount: Int)
        /// A request has its first token; ``tokens(count:)`` tells of the others.
        case firstToken
        /// A request has further tokens.
        case tokens(count: Int)
        /// A request lost its KV cache blocks to another.
        case preempted
        /// A request has ended.
        case finished(RequestOutcome, promptTokenCount: Int, generationTokenCount: Int)
        /// A request was not admitted.
        case refused(AdmissionRefusal)
        /// A step was taken.
        case stepCompleted(tokenCount: Int, sequenceCount: Int, duration: Duration)
        /// A step failed; its requests ended with an error.
        case stepFailed
        /// The core was made anew after a failure.
        case restarted
        /// The memory of weights and KV cache was given back.
        case slept
        /// The memory of weights and KV cache was taken again.
        case woke
    }

    /// What happened.
    public var kind: Kind
    /// The request within its engine; 0 where the event concerns the engine.
    public var request: UInt64
    /// The request's name on the wire, where it has one.
    public var requestID: String?
    /// When it happened.
    public var time: ContinuousClock.Instant

    /// An event.
    public init(
        _ kind: Kind, request: UInt64 = 0, requestID: String? = nil,
        time: ContinuousClock.Instant
    ) {
        self.kind = kind
        self.request = request
        self.requestID = requestID
        self.time = time
    }
}

/// How a request ended.
public enum RequestOutcome: Hashable, Sendable {
    /// With a finish reason.
    case finished(FinishReason)
    /// Early, for its client's sake.
    case cancelled(CancellationCause)
    /// With an error.
    case failed(EngineError.Code)
}

/// Who or what ended a request early.
public enum CancellationCause: String, Hashable, Sendable, CaseIterable {
    /// Nobody reads the output any more: the connection broke, or the stream was let go.
    case disconnect
    /// The caller asked for it.
    case cancel
    /// An operator asked for it.
    case abort
    /// The reader did not keep up.
    case slowReader = "slow_reader"
    /// The engine stops, pauses or sleeps.
    case shutdown
}

/// Sees every event of an engine, in order.
public protocol EngineObserver: Sendable {
    /// Takes events that happened since the last call. Called on the engine's thread between
    /// steps, or on the thread of a refused caller; must not block.
    func observe(_ events: [EngineEvent])
}
