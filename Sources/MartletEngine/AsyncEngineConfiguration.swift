/// What an ``AsyncEngine`` runs, and within which bounds.
///
/// Names and meanings are those of vLLM's engine arguments; every default just works.
public struct AsyncEngineConfiguration: Hashable, Sendable {
    /// The order in which waiting requests are admitted.
    public enum SchedulingPolicy: String, Hashable, Sendable, CaseIterable {
        /// First come, first served.
        case fcfs
        /// Lower values of ``GenerationRequest/priority`` first, then first come.
        case priority
    }

    /// The directory of the checkpoint: config.json, tokenizer.json, `*.safetensors`.
    public var model: String
    /// The type of the weights in memory: `auto` (the checkpoint's), `float32`, `bfloat16` or
    /// `float16`.
    public var dtype = "auto"
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

    /// A configuration for the checkpoint in the directory `model`.
    public init(model: String) {
        self.model = model
    }
}
