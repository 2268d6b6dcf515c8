/// What a caller may want to know of a loaded model.
public struct ModelInformation: Hashable, Sendable {
    /// The checkpoint's directory.
    public let directory: String
    /// The architecture's name in config.json: `LlamaForCausalLM`.
    public let architecture: String
    /// The type of the weights in memory: `bfloat16`.
    public let dtype: String
    /// How the weights are quantized: `none`, `int8`, `int4-g32`.
    public let quantization: String
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
    /// Size of the KV cache, in bytes; its pages are taken when they are first used.
    public let cacheByteCount: Int
    /// The type of keys and values in memory: `bfloat16`.
    public let cacheDType: String

    package init(
        directory: String, architecture: String, dtype: String, parameterCount: Int,
        weightByteCount: Int, vocabularySize: Int, maximumModelLength: Int,
        hasChatTemplate: Bool, blockSize: Int, blockCount: Int, cacheByteCount: Int = 0,
        cacheDType: String = "auto", quantization: String = "none"
    ) {
        self.directory = directory
        self.architecture = architecture
        self.dtype = dtype
        self.parameterCount = parameterCount
        self.weightByteCount = weightByteCount
        self.vocabularySize = vocabularySize
        self.maximumModelLength = maximumModelLength
        self.hasChatTemplate = hasChatTemplate
        self.blockSize = blockSize
        self.blockCount = blockCount
        self.cacheByteCount = cacheByteCount
        self.cacheDType = cacheDType
        self.quantization = quantization
    }
}
