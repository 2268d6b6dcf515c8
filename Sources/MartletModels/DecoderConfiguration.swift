import MartletTensor
import MartletWeights

/// The sizes that every decoder of Llama's family reads from `config.json`.
struct DecoderConfiguration: Sendable {
    let hiddenSize: Int
    let layerCount: Int
    let headCount: Int
    let kvHeadCount: Int
    let headDim: Int
    let intermediateSize: Int
    let vocabularySize: Int
    let maximumPositionCount: Int
    let normEpsilon: Float
    let activation: Activation
    let rotary: RotaryParameters

    init(_ file: ConfigurationFile) throws(WeightsError) {
        hiddenSize = try file.integer("hidden_size", in: ModelBounds.width)
        layerCount = try file.integer("num_hidden_layers", in: ModelBounds.layers)
        headCount = try file.integer("num_attention_heads", in: ModelBounds.heads)
        kvHeadCount =
            try file.integerIfPresent("num_key_value_heads", in: ModelBounds.heads) ?? headCount
        guard headCount.isMultiple(of: kvHeadCount) else {
            throw file.invalid(
                "num_key_value_heads", "is \(kvHeadCount), no divisor of the \(headCount) heads")
        }
        headDim = try file.headDim(hiddenSize: hiddenSize, headCount: headCount)
        intermediateSize = try file.integer("intermediate_size", in: ModelBounds.width)
        vocabularySize = try file.integer("vocab_size", in: ModelBounds.vocabulary)
        maximumPositionCount = try file.integer(
            "max_position_embeddings", in: ModelBounds.positions)
        normEpsilon = Float(try file.numberIfPresent("rms_norm_eps", in: 0...1) ?? 1e-6)
        activation = try file.activation("hidden_act") ?? .silu
        rotary = try RotaryParameters(file, maximumPositionCount: maximumPositionCount)
    }

    /// Query, key and value heads side by side, in elements.
    var projectedWidth: Int { (headCount + 2 * kvHeadCount) * headDim }

    var activationWidths: ActivationWidths {
        ActivationWidths(
            hidden: hiddenSize, projected: projectedWidth, attended: headCount * headDim,
            expanded: 2 * intermediateSize, gated: intermediateSize)
    }
}

/// What a configuration may ask for. Far beyond any real model, and small enough that no product
/// of sizes overflows.
enum ModelBounds {
    static let width = 1...1 << 18
    static let layers = 1...1 << 10
    static let heads = 1...1 << 12
    static let vocabulary = 1...1 << 24
    static let positions = 1...1 << 24
    /// What the attention kernel is made for.
    static let headDim = 2...PagedKVCache.headDimMax
}

extension ConfigurationFile {
    /// The size of a head: `head_dim` where there is one.
    func headDim(hiddenSize: Int, headCount: Int) throws(WeightsError) -> Int {
        guard let headDim = try integerIfPresent("head_dim", in: ModelBounds.width) else {
            return try sharedHeadDim(
                hiddenSize, "hidden_size", among: headCount, "num_attention_heads")
        }
        return try checkedHeadDim(headDim, "head_dim")
    }

    /// The size of a head where the heads share the width that `widthField` gives.
    func sharedHeadDim(
        _ width: Int, _ widthField: String, among headCount: Int, _ countField: String
    ) throws(WeightsError) -> Int {
        guard width.isMultiple(of: headCount) else {
            throw invalid(widthField, "is \(width), no multiple of the \(headCount) heads")
        }
        return try checkedHeadDim(width / headCount, countField)
    }

    private func checkedHeadDim(_ headDim: Int, _ field: String) throws(WeightsError) -> Int {
        guard headDim.isMultiple(of: 2), ModelBounds.headDim.contains(headDim) else {
            throw unsupported(
                field,
                "gives heads of \(headDim) dimensions; even numbers from "
                    + "\(ModelBounds.headDim.lowerBound) to \(ModelBounds.headDim.upperBound) "
                    + "are supported")
        }
        return headDim
    }

    /// The activation function named by `field`; nil where the field is missing.
    func activation(_ field: String) throws(WeightsError) -> Activation? {
        switch try stringIfPresent(field) {
        case nil: nil
        case "silu", "swish": .silu
        case "gelu": .gelu
        case "gelu_new", "gelu_pytorch_tanh", "gelu_fast": .geluTanh
        case "relu": .relu
        case let name?:
            throw unsupported(
                field, "'\(name)' is not built here; silu, gelu, gelu_new and relu are")
        }
    }

    /// Which layers look back only `sliding_window` tokens, in the manner of Qwen2 and Qwen3: all
    /// from `max_window_layers` on, or those that `layer_types` names.
    func slidingWindows(layerCount: Int) throws(WeightsError) -> [Int?] {
        guard try boolean("use_sliding_window", default: false),
            let window = try integerIfPresent("sliding_window", in: ModelBounds.positions)
        else { return Array(repeating: nil, count: layerCount) }
        if let types = try stringsIfPresent("layer_types") {
            guard types.count == layerCount else {
                throw invalid("layer_types", "has \(types.count) entries for \(layerCount) layers")
            }
            return try types.map { type throws(WeightsError) in
                switch type {
                case "sliding_attention": window
                case "full_attention": nil
                default: throw unsupported("layer_types", "'\(type)' is not built here")
                }
            }
        }
        let first = try integerIfPresent("max_window_layers", in: 0...Int(Int32.max)) ?? 28
        return (0..<layerCount).map { $0 >= first ? window : nil }
    }
}
