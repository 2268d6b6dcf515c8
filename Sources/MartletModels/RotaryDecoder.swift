import MartletTensor
import MartletWeights

/// The diagram that Llama, Mistral, Qwen2 and Qwen3 share: embedding, gated blocks, norm, head.
/// Their own files say how their blocks differ.
struct RotaryDecoder: LanguageModel {
    let description: ModelDescription
    let activationWidths: ActivationWidths
    let embedding: TokenEmbedding
    let blocks: [GatedBlock]
    let norm: RMSNorm
    let head: Linear

    /// Loads the parts around the blocks, and each block with `makeBlock`, which takes its name,
    /// its index and the rotary table of all.
    init(
        _ loader: WeightLoader, _ sizes: DecoderConfiguration, tiedByDefault: Bool = false,
        makeBlock: (String, Int, RotaryTable) throws(WeightsError) -> GatedBlock
    ) throws(WeightsError) {
        loader.choosePrefix(["model.", ""], for: "embed_tokens.weight")
        embedding = try loader.embedding(
            "embed_tokens", vocabularySize: sizes.vocabularySize, width: sizes.hiddenSize)
        let rotary = sizes.rotary.table(
            headDim: sizes.headDim, maximumPositionCount: sizes.maximumPositionCount)
        var blocks: [GatedBlock] = []
        for layer in 0..<sizes.layerCount {
            blocks.append(try makeBlock("layers.\(layer)", layer, rotary))
        }
        self.blocks = blocks
        norm = try loader.rmsNorm("norm", width: sizes.hiddenSize, epsilon: sizes.normEpsilon)
        head = try loader.head(tiedTo: embedding, tiedByDefault: tiedByDefault)
        activationWidths = sizes.activationWidths
        description = try loader.description(
            layerCount: sizes.layerCount, hiddenSize: sizes.hiddenSize,
            headCount: sizes.headCount, kvHeadCount: sizes.kvHeadCount, headDim: sizes.headDim,
            vocabularySize: sizes.vocabularySize,
            maximumPositionCount: sizes.maximumPositionCount,
            slidingWindows: blocks.map(\.attention.slidingWindow))
    }

    func hiddenStates(_ pass: ForwardPass) -> Tensor {
        let hidden = pass.rows(of: pass.workspace.hidden)
        embedding(pass.tokens, into: hidden, pass.operators)
        for block in blocks { block(pass) }
        return pass.workspace.hidden.prefix(rows: pass.wantedRows.count)
    }

    func logits(of hidden: Tensor, into logits: Tensor, _ pass: ForwardPass) {
        let normed = pass.workspace.normed.prefix(rows: hidden.rows)
        head(normed, madeBy: norm(of: hidden), into: logits, pass.operators)
    }
}
