/// The engine's counters and gauges after its latest step.
public struct EngineStatistics: Hashable, Sendable {
    /// Sequences that have KV cache blocks and take part in steps.
    public var runningCount = 0
    /// Sequences that wait for their turn.
    public var waitingCount = 0
    /// Blocks of the KV cache.
    public var blockCount = 0
    /// Blocks that no sequence holds; they may still be findable in the prefix cache.
    public var freeBlockCount = 0
    /// Prompt tokens looked up in the prefix cache since the start.
    public var prefixCacheQueryCount = 0
    /// Prompt tokens found there.
    public var prefixCacheHitCount = 0
    /// Sequences that lost their blocks to others since the start.
    public var preemptionCount = 0
    /// Steps since the start.
    public var stepCount = 0
    /// Prompt tokens computed since the start, without cached ones.
    public var promptTokenCount = 0
    /// Tokens generated since the start.
    public var generationTokenCount = 0
    /// Requests finished since the start, by reason.
    public var finishedCounts: [FinishReason: Int] = [:]

    /// The share of blocks that sequences hold, 0 to 1.
    public var cacheUsage: Double {
        blockCount == 0 ? 0 : 1 - Double(freeBlockCount) / Double(blockCount)
    }

    /// Statistics of an engine that has done nothing.
    public init() {}
}
