/// Everything that has happened in an engine, counted.
public struct EngineTotals: Hashable, Sendable {
    /// Requests that came in.
    public var admittedCount = 0
    /// Tokens of prompts whose first token is there.
    public var promptTokenCount = 0
    /// Those of them that came from the prefix cache.
    public var cachedPromptTokenCount = 0
    /// Tokens generated.
    public var generationTokenCount = 0
    /// Requests that ended with a finish reason.
    public var finishedCounts: [FinishReason: Int] = [:]
    /// Requests that ended with an error.
    public var failedCounts: [EngineError.Code: Int] = [:]
    /// Requests that ended early, for their clients' sake.
    public var cancelledCounts: [CancellationCause: Int] = [:]
    /// Requests that were not admitted.
    public var refusedCounts: [AdmissionRefusal: Int] = [:]
    /// Times that a request lost its KV cache blocks to another.
    public var preemptionCount = 0
    /// Steps taken.
    public var stepCount = 0
    /// Steps that failed.
    public var failedStepCount = 0
    /// Times that the core was made anew.
    public var restartCount = 0
    /// When the last step ended.
    public var lastStepTime: ContinuousClock.Instant?
    /// How values are distributed.
    public var histograms = EngineHistograms()

    /// Totals of an engine that has done nothing.
    public init() {}
}
