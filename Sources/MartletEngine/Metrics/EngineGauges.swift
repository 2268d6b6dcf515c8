/// What an engine is like at one moment, as far as events do not tell.
public struct EngineGauges: Hashable, Sendable {
    /// Sequences that take part in steps.
    public var runningCount = 0
    /// Sequences that wait, the deferred ones included.
    public var waitingCount = 0
    /// Those that wait for something else than room.
    public var deferredCount = 0
    /// The share of KV cache blocks that sequences hold, 0 to 1.
    public var cacheUsage = 0.0
    /// The share of room in held blocks that no token takes up, 0 to 1; nil where it is not known.
    public var cacheFragmentation: Double?
    /// Prompt tokens looked up in the prefix cache.
    public var prefixCacheQueryCount = 0
    /// Prompt tokens found there.
    public var prefixCacheHitCount = 0
    /// Whether weights and KV cache have been given back.
    public var isAsleep = false
    /// Bytes of weights in memory.
    public var weightByteCount = 0
    /// Bytes of the KV cache in memory.
    public var cacheByteCount = 0
    /// The most tokens of prompt and output together, at which the buckets of token counts end;
    /// nil where it is not known yet.
    public var maximumModelLength: Int?
    /// Tokens in a block of the KV cache.
    public var blockSize = 0
    /// Blocks in the KV cache.
    public var blockCount = 0
    /// Further labels of `vllm:cache_config_info`: `cache_dtype`, `enable_prefix_caching`.
    public var cacheConfiguration: [String: String] = [:]
    /// The prefix cache on disk, where there is one.
    public var prefixStore: PrefixStoreStatistics?

    /// Gauges of an engine that does nothing.
    public init() {}

    /// The share of prompt tokens found in the prefix cache, 0 to 1.
    public var prefixCacheHitRate: Double {
        prefixCacheQueryCount == 0
            ? 0 : Double(prefixCacheHitCount) / Double(prefixCacheQueryCount)
    }
}
