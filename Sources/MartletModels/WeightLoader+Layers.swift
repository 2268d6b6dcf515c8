import MartletTensor
import MartletWeights

extension WeightLoader {
    func rmsNorm(_ name: String, width: Int, epsilon: Float) throws(WeightsError) -> RMSNorm {
        RMSNorm(weight: try vector(name + ".weight", count: width), epsilon: epsilon)
    }

    /// A layer norm; without `affine` it neither scales nor shifts and is not in the checkpoint.
    func layerNorm(
        _ name: String, width: Int, epsilon: Float, affine: Bool = true
    ) throws(WeightsError) -> LayerNorm {
        guard affine else {
            return LayerNorm(
                weight: vector(Array(repeating: 1, count: width)),
                bias: vector(Array(repeating: 0, count: width)), epsilon: epsilon)
        }
        return LayerNorm(
            weight: try vector(name + ".weight", count: width),
            bias: try vector(name + ".bias", count: width), epsilon: epsilon)
    }

    func embedding(
        _ name: String, vocabularySize: Int, width: Int
    ) throws(WeightsError) -> TokenEmbedding {
        TokenEmbedding(
            table: try matrix(
                [(name + ".weight", vocabularySize)], inputs: width, role: .vocabulary))
    }

    /// The head: the embedding once more where the configuration ties them, or where it says
    /// nothing and the checkpoint holds no head of its own.
    func head(
        tiedTo embedding: TokenEmbedding, tiedByDefault: Bool
    ) throws(WeightsError) -> Linear {
        let table = embedding.table
        let saved = prefix
        prefix = ""
        defer { prefix = saved }
        let stated = try configuration.booleanIfPresent("tie_word_embeddings")
        if stated ?? (tiedByDefault || !has("lm_head.weight")) {
            return Linear(weight: table, bias: nil)
        }
        let own = try matrix(
            [("lm_head.weight", table.outputCount)], inputs: table.inputCount, role: .vocabulary)
        return Linear(weight: own, bias: nil)
    }

    /// The layer `name` of Llama and its kin: attention in one stacked product, gate and up in
    /// another.
    func gatedBlock(
        _ name: String, layer: Int, _ sizes: DecoderConfiguration, rotary: RotaryTable,
        biases: GatedBlockBiases = [], headNorms: Bool = false, slidingWindow: Int? = nil
    ) throws(WeightsError) -> GatedBlock {
        let hidden = sizes.hiddenSize
        let headDim = sizes.headDim
        func norm(_ part: String, _ width: Int) throws(WeightsError) -> RMSNorm {
            try rmsNorm("\(name).\(part)", width: width, epsilon: sizes.normEpsilon)
        }
        let attention = Attention(
            layer: layer,
            queryKeyValue: try linear(
                [
                    ("\(name).self_attn.q_proj", sizes.headCount * headDim),
                    ("\(name).self_attn.k_proj", sizes.kvHeadCount * headDim),
                    ("\(name).self_attn.v_proj", sizes.kvHeadCount * headDim),
                ], inputs: hidden, bias: biases.contains(.queryKeyValue)),
            output: try linear(
                "\(name).self_attn.o_proj", outputs: hidden, inputs: sizes.headCount * headDim,
                bias: biases.contains(.output)),
            headCount: sizes.headCount, kvHeadCount: sizes.kvHeadCount, headDim: headDim,
            scale: 1 / Float(headDim).squareRoot(), rotary: rotary,
            queryNorm: headNorms ? try norm("self_attn.q_norm", headDim) : nil,
            keyNorm: headNorms ? try norm("self_attn.k_norm", headDim) : nil,
            slidingWindow: slidingWindow)
        let width = sizes.intermediateSize
        let feedForward = GatedFeedForward(
            gateUp: try linear(
                [("\(name).mlp.gate_proj", width), ("\(name).mlp.up_proj", width)],
                inputs: hidden, bias: biases.contains(.feedForward)),
            down: try linear(
                "\(name).mlp.down_proj", outputs: hidden, inputs: width,
                bias: biases.contains(.feedForward)),
            activation: sizes.activation)
        return GatedBlock(
            attentionNorm: try norm("input_layernorm", hidden), attention: attention,
            feedForwardNorm: try norm("post_attention_layernorm", hidden),
            feedForward: feedForward)
    }
}

/// Which linear layers of a ``GatedBlock`` have biases.
struct GatedBlockBiases: OptionSet {
    let rawValue: Int
    static let queryKeyValue = Self(rawValue: 1)
    static let output = Self(rawValue: 2)
    static let feedForward = Self(rawValue: 4)
}
