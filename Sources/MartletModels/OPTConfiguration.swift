import MartletTensor
import MartletWeights

/// The sizes and variants that ``OPT`` reads from `config.json`.
struct OPTConfiguration: Sendable {
    let hiddenSize: Int
    let layerCount: Int
    let headCount: Int
    let headDim: Int
    let intermediateSize: Int
    let vocabularySize: Int
    /// Width of the token embeddings; unlike the residual stream in OPT-350m.
    let embeddingWidth: Int
    let positionCount: Int
    let activation: Activation
    /// Whether layer norms stand before attention and MLP (all but OPT-350m) or after.
    let normsBefore: Bool
    /// Whether another norm stands before the head.
    let hasFinalNorm: Bool
    let hasBiases: Bool
    /// Whether layer norms scale and shift.
    let hasAffineNorms: Bool

    init(_ file: ConfigurationFile) throws(WeightsError) {
        hiddenSize = try file.integer("hidden_size", in: ModelBounds.width)
        layerCount = try file.integer("num_hidden_layers", in: ModelBounds.layers)
        headCount = try file.integer("num_attention_heads", in: ModelBounds.heads)
        headDim = try file.sharedHeadDim(
            hiddenSize, "hidden_size", among: headCount, "num_attention_heads")
        intermediateSize = try file.integer("ffn_dim", in: ModelBounds.width)
        vocabularySize = try file.integer("vocab_size", in: ModelBounds.vocabulary)
        embeddingWidth =
            try file.integerIfPresent("word_embed_proj_dim", in: ModelBounds.width) ?? hiddenSize
        positionCount = try file.integer("max_position_embeddings", in: ModelBounds.positions)
        activation = try file.activation("activation_function") ?? .relu
        normsBefore = try file.boolean("do_layer_norm_before", default: true)
        let removesFinalNorm = try file.boolean("_remove_final_layer_norm", default: false)
        hasFinalNorm = normsBefore && !removesFinalNorm
        hasBiases = try file.boolean("enable_bias", default: true)
        hasAffineNorms = try file.boolean("layer_norm_elementwise_affine", default: true)
    }

    var hasProjections: Bool { embeddingWidth != hiddenSize }

    var activationWidths: ActivationWidths {
        ActivationWidths(
            hidden: hiddenSize, projected: 3 * hiddenSize, attended: hiddenSize,
            expanded: intermediateSize, gated: 0, embedded: hasProjections ? embeddingWidth : 0)
    }
}
