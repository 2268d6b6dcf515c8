import MartletTensor
import MartletWeights

/// The sizes that ``GPT2`` reads from `config.json`, under GPT-2's own names.
struct GPT2Configuration: Sendable {
    let hiddenSize: Int
    let layerCount: Int
    let headCount: Int
    let headDim: Int
    let intermediateSize: Int
    let vocabularySize: Int
    let positionCount: Int
    let normEpsilon: Float
    let activation: Activation
    private let scalesAttention: Bool
    private let scalesAttentionByLayer: Bool

    init(_ file: ConfigurationFile) throws(WeightsError) {
        hiddenSize = try file.integer("n_embd", in: ModelBounds.width)
        layerCount = try file.integer("n_layer", in: ModelBounds.layers)
        headCount = try file.integer("n_head", in: ModelBounds.heads)
        headDim = try file.sharedHeadDim(hiddenSize, "n_embd", among: headCount, "n_head")
        intermediateSize =
            try file.integerIfPresent("n_inner", in: ModelBounds.width) ?? 4 * hiddenSize
        vocabularySize = try file.integer("vocab_size", in: ModelBounds.vocabulary)
        positionCount = try file.integer("n_positions", in: ModelBounds.positions)
        normEpsilon = Float(try file.numberIfPresent("layer_norm_epsilon", in: 0...1) ?? 1e-5)
        activation = try file.activation("activation_function") ?? .geluTanh
        scalesAttention = try file.boolean("scale_attn_weights", default: true)
        scalesAttentionByLayer = try file.boolean(
            "scale_attn_by_inverse_layer_idx", default: false)
        guard try !file.boolean("add_cross_attention", default: false) else {
            throw file.unsupported("add_cross_attention", "only decoders are built here")
        }
    }

    /// What the products of queries and keys of a layer are multiplied with.
    func attentionScale(layer: Int) -> Float {
        let scale = scalesAttention ? 1 / Float(headDim).squareRoot() : 1
        return scalesAttentionByLayer ? scale / Float(layer + 1) : scale
    }
}
