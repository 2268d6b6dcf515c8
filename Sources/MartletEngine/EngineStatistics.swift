/// The engine's counters and gauges after its latest step.
public struct EngineStatistics: Hashable, Sendable {
    /// Whether steps are taken.
    public var activity = EngineActivity.running
    /// Sequences that have KV cache blocks and take part in steps.
    public var runningCount = 0
    /// Sequences that wait for their turn.
    public var waitingCount = 0
    /// Blocks of the KV cache.
    public var blockCount = 0
    /// Blocks that no sequence holds; they may still be findable in the prefix cache.
    public var freeBlockCount = 0
    /// Waiting sequences whose beginning another sequence computes at the moment.
    public var deferredCount = 0
    /// The share of room in held blocks that no token takes up, 0 to 1.
    public var cacheFragmentation = 0.0
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

/// Whether an engine takes steps.
public enum EngineActivity: String, Hashable, Sendable {
    /// It takes steps when there is something to do.
    case running
    /// It stands still, or will once open requests are done; new requests wait.
    case paused
    /// It stands still and has given the memory of weights and KV cache back.
    case sleeping
}

extension EngineActivity {
    init(_ phase: CoreActivity.Phase) {
        switch phase {
        case .running: self = .running
        case .finishing, .paused: self = .paused
        case .asleep: self = .sleeping
        }
    }
}
