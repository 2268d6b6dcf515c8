/// What a caller may want to know of a loaded model.
public struct ModelInformation: Hashable, Sendable {
    /// The checkpoint's directory.
    public let directory: String
    /// The architecture's name in config.json: `LlamaForCausalLM`.
    public let architecture: String
    /// The type of the weights in memory: `bfloat16`.
    public let dtype: String
    /// Number of weights.
    public let parameterCount: Int
    /// Size of the weights in memory, in bytes.
    public let weightByteCount: Int
    /// Number of tokens in the vocabulary.
    public let vocabularySize: Int
    /// The most tokens of prompt and output together.
    public let maximumModelLength: Int
    /// Whether there is a chat template.
    public let hasChatTemplate: Bool
    /// Tokens in a block of the KV cache.
    public let blockSize: Int
    /// Blocks in the KV cache.
    public let blockCount: Int
}
