import MartletTensor
import MartletWeights

/// A layer of ``OPT``.
struct OPTBlock: Sendable {
    /// PyTorch's default; the configuration has no field for it.
    static let normEpsilon: Float = 1e-5

    let normsBefore: Bool
    let attentionNorm: LayerNorm
    let attention: Attention
    let feedForwardNorm: LayerNorm
    let feedForward: FeedForward

    init(
        _ loader: WeightLoader, _ name: String, layer: Int, _ sizes: OPTConfiguration
    ) throws(WeightsError) {
        let hidden = sizes.hiddenSize
        let width = sizes.intermediateSize
        func norm(_ part: String) throws(WeightsError) -> LayerNorm {
            try loader.layerNorm(
                "\(name).\(part)", width: hidden, epsilon: Self.normEpsilon,
                affine: sizes.hasAffineNorms)
        }
        normsBefore = sizes.normsBefore
        attentionNorm = try norm("self_attn_layer_norm")
        let projections = ["q_proj", "k_proj", "v_proj"]
        attention = Attention(
            layer: layer,
            queryKeyValue: try loader.linear(
                projections.map { ("\(name).self_attn.\($0)", hidden) }, inputs: hidden,
                bias: sizes.hasBiases),
            output: try loader.linear(
                "\(name).self_attn.out_proj", outputs: hidden, inputs: hidden,
                bias: sizes.hasBiases),
            headCount: sizes.headCount, kvHeadCount: sizes.headCount, headDim: sizes.headDim,
            scale: 1 / Float(sizes.headDim).squareRoot())
        feedForwardNorm = try norm("final_layer_norm")
        feedForward = FeedForward(
            up: try loader.linear(
                "\(name).fc1", outputs: width, inputs: hidden, bias: sizes.hasBiases),
            down: try loader.linear(
                "\(name).fc2", outputs: hidden, inputs: width, bias: sizes.hasBiases),
            activation: sizes.activation)
    }

    /// Updates the residual stream in place.
    func callAsFunction(_ pass: ForwardPass) {
        let input = pass.rows(of: pass.workspace.hidden)
        let pass =
            normsBefore
            ? attention.project(
                pass.rows(of: pass.workspace.normed), madeBy: attentionNorm(of: input), pass)
            : attention.project(input, pass)
        let hidden = pass.rows(of: pass.workspace.hidden)
        let normed = pass.rows(of: pass.workspace.normed)
        attention.attend(addingTo: hidden, pass)
        if normsBefore {
            feedForward(
                normed, madeBy: { feedForwardNorm(of: hidden.rows($0)) }, addingTo: hidden, pass)
        } else {
            // The norm's result is the new residual stream: it moves over and back again.
            pass.operators.make(normed, by: attentionNorm(of: hidden))
            feedForward(normed, madeBy: { _ in nil }, addingTo: normed, pass)
            pass.operators.make(hidden, by: feedForwardNorm(of: normed))
        }
    }
}
