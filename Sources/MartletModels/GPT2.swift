import MartletTensor
import MartletWeights

/// GPT-2: learned positions, layer norms before attention and MLP, biases everywhere, matrices
/// stored transposed.
///
/// - Source: Radford et al., Language Models are Unsupervised Multitask Learners, 2019;
///   transformers 5 `modeling_gpt2.py`.
struct GPT2: LanguageModel {
    let description: ModelDescription
    let activationWidths: ActivationWidths
    let embedding: TokenEmbedding
    let positions: PositionEmbedding
    let blocks: [PreNormBlock<LayerNorm, FeedForward>]
    let norm: LayerNorm
    let head: Linear

    init(_ loader: WeightLoader) throws(WeightsError) {
        let sizes = try GPT2Configuration(loader.configuration)
        let hidden = sizes.hiddenSize
        loader.choosePrefix(["transformer.", ""], for: "wte.weight")
        embedding = try loader.embedding(
            "wte", vocabularySize: sizes.vocabularySize, width: hidden)
        positions = PositionEmbedding(
            table: try loader.matrix(
                [("wpe.weight", sizes.positionCount)], inputs: hidden, role: .positions),
            offset: 0)
        var blocks: [PreNormBlock<LayerNorm, FeedForward>] = []
        for layer in 0..<sizes.layerCount {
            blocks.append(try PreNormBlock(loader, "h.\(layer)", layer: layer, sizes))
        }
        self.blocks = blocks
        norm = try loader.layerNorm("ln_f", width: hidden, epsilon: sizes.normEpsilon)
        head = try loader.head(tiedTo: embedding, tiedByDefault: true)
        activationWidths = ActivationWidths(
            hidden: hidden, projected: 3 * hidden, attended: hidden,
            expanded: sizes.intermediateSize, gated: 0)
        description = try loader.description(
            layerCount: sizes.layerCount, hiddenSize: hidden, headCount: sizes.headCount,
            kvHeadCount: sizes.headCount, headDim: sizes.headDim,
            vocabularySize: sizes.vocabularySize, maximumPositionCount: sizes.positionCount,
            slidingWindows: [])
    }

    func hiddenStates(_ pass: ForwardPass) -> Tensor {
        let hidden = pass.rows(of: pass.workspace.hidden)
        embedding(pass.tokens, into: hidden, pass.operators)
        positions(at: pass.batch.positions, addingTo: hidden, pass.operators)
        for block in blocks { block(pass) }
        return pass.workspace.hidden.prefix(rows: pass.wantedRows.count)
    }

    func logits(of hidden: Tensor, into logits: Tensor, _ pass: ForwardPass) {
        let normed = pass.workspace.normed.prefix(rows: hidden.rows)
        head(normed, madeBy: norm(of: hidden), into: logits, pass.operators)
    }
}

extension PreNormBlock<LayerNorm, FeedForward> {
    /// A layer of ``GPT2``.
    init(
        _ loader: WeightLoader, _ name: String, layer: Int, _ sizes: GPT2Configuration
    ) throws(WeightsError) {
        let hidden = sizes.hiddenSize
        let width = sizes.intermediateSize
        attentionNorm = try loader.layerNorm(
            "\(name).ln_1", width: hidden, epsilon: sizes.normEpsilon)
        attention = Attention(
            layer: layer,
            queryKeyValue: try loader.transposedLinear(
                "\(name).attn.c_attn", outputs: 3 * hidden, inputs: hidden),
            output: try loader.transposedLinear(
                "\(name).attn.c_proj", outputs: hidden, inputs: hidden),
            headCount: sizes.headCount, kvHeadCount: sizes.headCount, headDim: sizes.headDim,
            scale: sizes.attentionScale(layer: layer))
        feedForwardNorm = try loader.layerNorm(
            "\(name).ln_2", width: hidden, epsilon: sizes.normEpsilon)
        feedForward = FeedForward(
            up: try loader.transposedLinear(
                "\(name).mlp.c_fc", outputs: width, inputs: hidden),
            down: try loader.transposedLinear(
                "\(name).mlp.c_proj", outputs: hidden, inputs: width),
            activation: sizes.activation)
    }
}
