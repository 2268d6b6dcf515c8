import MartletTensor
import MartletWeights

/// OPT: learned positions from row 2 on, layer norms before attention and MLP (after them in
/// OPT-350m), ReLU, and projections around the layers where embeddings are narrower than they.
///
/// - Source: Zhang et al., OPT: Open Pre-trained Transformer Language Models, 2022;
///   transformers 5 `modeling_opt.py`.
struct OPT: LanguageModel {
    let description: ModelDescription
    let activationWidths: ActivationWidths
    let embedding: TokenEmbedding
    let projectIn: Linear?
    let positions: PositionEmbedding
    let blocks: [OPTBlock]
    let norm: LayerNorm?
    let projectOut: Linear?
    let head: Linear

    init(_ loader: WeightLoader) throws(WeightsError) {
        let sizes = try OPTConfiguration(loader.configuration)
        let hidden = sizes.hiddenSize
        let embedded = sizes.embeddingWidth
        loader.choosePrefix(["model.decoder.", "decoder.", ""], for: "embed_tokens.weight")
        embedding = try loader.embedding(
            "embed_tokens", vocabularySize: sizes.vocabularySize, width: embedded)
        projectIn =
            sizes.hasProjections
            ? try loader.linear("project_in", outputs: hidden, inputs: embedded) : nil
        let offset = 2
        positions = PositionEmbedding(
            table: try loader.matrix(
                [("embed_positions.weight", sizes.positionCount + offset)], inputs: hidden,
                role: .positions),
            offset: Int32(offset))
        var blocks: [OPTBlock] = []
        for layer in 0..<sizes.layerCount {
            blocks.append(try OPTBlock(loader, "layers.\(layer)", layer: layer, sizes))
        }
        self.blocks = blocks
        norm =
            sizes.hasFinalNorm
            ? try loader.layerNorm(
                "final_layer_norm", width: hidden, epsilon: OPTBlock.normEpsilon,
                affine: sizes.hasAffineNorms) : nil
        projectOut =
            sizes.hasProjections
            ? try loader.linear("project_out", outputs: embedded, inputs: hidden) : nil
        head = try loader.head(tiedTo: embedding, tiedByDefault: true)
        activationWidths = sizes.activationWidths
        description = try loader.description(
            layerCount: sizes.layerCount, hiddenSize: hidden, headCount: sizes.headCount,
            kvHeadCount: sizes.headCount, headDim: sizes.headDim,
            vocabularySize: sizes.vocabularySize, maximumPositionCount: sizes.positionCount,
            slidingWindows: [])
    }

    func hiddenStates(_ pass: ForwardPass) -> Tensor {
        let hidden = pass.rows(of: pass.workspace.hidden)
        if let projectIn, let buffer = pass.workspace.embedded {
            let embedded = pass.rows(of: buffer)
            embedding(pass.tokens, into: embedded, pass.operators)
            projectIn(embedded, into: hidden, pass.operators)
        } else {
            embedding(pass.tokens, into: hidden, pass.operators)
        }
        positions(at: pass.batch.positions, addingTo: hidden, pass.operators)
        for block in blocks { block(pass) }
        return pass.workspace.hidden.prefix(rows: pass.wantedRows.count)
    }

    func logits(of hidden: Tensor, into logits: Tensor, _ pass: ForwardPass) {
        var states = hidden
        if let norm {
            states = pass.workspace.normed.prefix(rows: hidden.rows)
            pass.operators.make(states, by: norm(of: hidden))
        }
        if let projectOut, let buffer = pass.workspace.embedded {
            let projected = buffer.prefix(rows: hidden.rows)
            projectOut(states, into: projected, pass.operators)
            states = projected
        }
        head(states, into: logits, pass.operators)
    }
}
