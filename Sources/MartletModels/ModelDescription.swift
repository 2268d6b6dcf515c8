package import MartletTensor

/// What a loaded model is, for everybody who does not compute with it.
package struct ModelDescription: Sendable, Hashable {
    /// The architecture as `config.json` names it: `Qwen3ForCausalLM`.
    package var architecture: String
    package var layerCount: Int
    package var hiddenSize: Int
    package var headCount: Int
    package var kvHeadCount: Int
    package var headDim: Int
    package var vocabularySize: Int
    /// The longest context the model was made for, in tokens (`max_position_embeddings`).
    package var maximumPositionCount: Int
    /// How many tokens back every layer looks; nil where some layer sees the whole context.
    package var slidingWindow: Int?
    /// The type of the weights in memory, of those that are not quantized.
    package var dtype: DType
    package var quantization: WeightQuantization
    /// Trained numbers, a tied head counted once.
    package var parameterCount: Int
    /// Bytes of weights in memory, padding included.
    package var weightByteCount: Int
    /// Whether the weights are pages of a file, which the system counts as memory that can be had.
    package var isMapped: Bool
    /// Tokens that end a generation, from both configuration files, without repetition.
    package var eosTokenIDs: [Int]
    package var bosTokenID: Int?
    package var generationDefaults: GenerationDefaults

    /// The type of keys and values in the cache unless another is asked for: as wide as the weights
    /// deserve.
    package var kvDType: DType { dtype == .float32 ? .float32 : .bfloat16 }

    /// Bytes that one token takes in a KV cache of ``kvDType``, all layers together.
    package var kvBytesPerToken: Int {
        layerCount * 2 * kvHeadCount * headDim * kvDType.byteCount
    }
}
