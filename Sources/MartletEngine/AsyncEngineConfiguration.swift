/// What an ``AsyncEngine`` runs, and within which bounds.
///
/// Names and meanings are those of vLLM's engine arguments; every default just works.
public struct AsyncEngineConfiguration: Hashable, Sendable {
    /// The order in which waiting requests are admitted.
    public enum SchedulingPolicy: String, Hashable, Sendable, CaseIterable {
        /// First come, first served.
        case fcfs
        /// Lower values of ``GenerationRequest/priority`` first, then first come. They also take
        /// the place of running requests of higher values. Waiting counts, so nobody waits for
        /// ever.
        case priority
        /// The ``GenerationRequest/client`` that has been served the least first.
        case fair
    }

    /// The directory of the checkpoint: config.json, tokenizer.json, `*.safetensors`.
    public var model: String
    /// The type of the weights in memory: `auto` (the checkpoint's), `float32`, `bfloat16` or
    /// `float16`.
    public var dtype = "auto"
    /// How the weights are quantized when they are loaded; nil leaves them as the checkpoint has
    /// them. A packed model cannot be changed.
    public var quantization: ModelQuantization?
    /// The most tokens of prompt and output together; nil is what the model and the KV cache
    /// allow.
    public var maximumModelLength: Int?
    /// The most sequences in a step.
    public var maximumSequenceCount = 128
    /// The most tokens in a step. Larger steps use the processor a little better; smaller ones
    /// let running requests wait less for new prompts.
    public var maximumBatchedTokenCount = 512
    /// Size of the KV cache in bytes; nil is a share of the memory that is free after loading,
    /// and never more than ``maximumSequenceCount`` requests of full length could use.
    public var kvCacheMemoryByteCount: Int?
    /// Tokens in a block of the KV cache: a multiple of 16.
    public var blockSize = 16
    /// Whether prompts reuse blocks that earlier requests with the same beginning computed.
    public var enablesPrefixCaching = true
    /// The order in which waiting requests are admitted.
    public var schedulingPolicy = SchedulingPolicy.fcfs
    /// The most requests that are worked on at a time (`max_concurrent_requests`); nil is
    /// ``maximumSequenceCount``. Each of a request's `n` completions counts.
    public var maximumConcurrentRequestCount: Int?
    /// The share of ``maximumConcurrentRequestCount`` above which new requests wait in the queue,
    /// 0 to 1. The rest is for those that lost their memory to others and come back.
    public var backpressureThreshold = 1.0
    /// The most requests that wait beside those that are worked on; further ones are refused.
    public var maximumQueueSize = 1024
    /// The most prompt tokens of all waiting requests; nil for no limit.
    public var maximumQueuedTokenCount: Int? = 4 << 20
    /// How long a request may wait for its turn; nil for as long as it takes.
    public var queueTimeout: Duration? = .seconds(300)
    /// How long a request may take in all; nil for as long as it takes.
    public var requestTimeout: Duration?
    /// What keeps the machine from taking on more.
    public var loadThresholds = LoadThresholds()
    /// The most bytes of output that wait for a reader before the request is cut.
    public var maximumUnreadByteCount = 1 << 20
    /// How long output may wait for a reader before the request is cut.
    public var readerTimeout = Duration.seconds(120)
    /// How long a step may take. From then on ``AsyncEngine/health`` reports the engine as stuck;
    /// after twice that time its core is given up and made anew.
    public var stepTimeout = Duration.seconds(60)
    /// The type of keys and values in memory: `auto` (the model's), `bfloat16`, `float32` or
    /// `int8`, which takes half the room of `bfloat16`.
    public var kvCacheDType = "auto"
    /// Where the prefix cache is kept over restarts; nil keeps it in memory only.
    public var prefixCacheDirectory: String?
    /// The most bytes that the prefix cache takes there.
    public var prefixCacheByteCount = 8 << 30
    /// The most alternatives that a request may have reported with a token; -1 for no limit.
    public var maximumLogprobCount = 20
    /// A chat template in place of the model's own.
    public var chatTemplate: String?
    /// The seed of requests that bring none; nil draws one at random.
    public var seed: UInt64?
    /// Threads that compute; nil is what affinity and cgroup quota allow.
    public var threadCount: Int?
    /// How long open requests may go on after a graceful shutdown has begun.
    public var shutdownTimeout = Duration.seconds(30)

    /// How many sequences may run before new ones wait.
    var startingSequenceCount: Int {
        let most = min(maximumConcurrentRequestCount ?? .max, maximumSequenceCount)
        return max(1, Int(Double(most) * backpressureThreshold))
    }

    /// A configuration for the checkpoint in the directory `model`.
    public init(model: String) {
        self.model = model
    }
}
