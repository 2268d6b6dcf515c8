import MartletTensor

/// Causal self-attention over the paged KV cache, with grouped heads.
///
/// Queries, keys and values come from one stacked product; key and value heads are shared by
/// `headCount / kvHeadCount` query heads each.
struct Attention: Sendable {
    let layer: Int
    /// Query heads, then key heads, then value heads: `[(heads + 2 kvHeads) * headDim, hidden]`.
    let queryKeyValue: Linear
    /// `[hidden, heads * headDim]`.
    let output: Linear
    let heads: HeadLayout
    /// What the products of queries and keys are multiplied with.
    let scale: Float
    /// A token sees itself and this many less one before it; nil for all.
    let slidingWindow: Int?

    /// Norms of queries and keys have one epsilon.
    init(
        layer: Int, queryKeyValue: Linear, output: Linear, headCount: Int, kvHeadCount: Int,
        headDim: Int, scale: Float, rotary: RotaryTable? = nil, queryNorm: RMSNorm? = nil,
        keyNorm: RMSNorm? = nil, slidingWindow: Int? = nil
    ) {
        self.layer = layer
        self.queryKeyValue = queryKeyValue
        self.output = output
        heads = HeadLayout(
            headCount: headCount, kvHeadCount: kvHeadCount, headDim: headDim,
            queryNorm: queryNorm?.weight, keyNorm: keyNorm?.weight,
            normEpsilon: (queryNorm ?? keyNorm)?.epsilon ?? 0, rotary: rotary)
        self.scale = scale
        self.slidingWindow = slidingWindow
    }

    /// Projects `x` `[rows, hidden]`, made first where `maker` says how, and writes its keys and
    /// values into the cache.
    ///
    /// - Returns: The pass to go on with: from the last layer's keys and values on, only the rows
    ///   that are wanted.
    func project(
        _ x: Tensor, madeBy maker: RowMaker? = nil, _ pass: ForwardPass
    ) -> ForwardPass {
        let projected = pass.rows(of: pass.workspace.projected)
        queryKeyValue(x, madeBy: maker, into: projected, pass.operators)
        pass.operators.prepareHeads(
            projected, heads, layer: layer, cache: pass.cache, batch: pass.batch)
        return layer + 1 < pass.cache.layerCount ? pass : pass.keepingWantedRows()
    }

    /// Attends from the projected queries and adds the result to `y` `[rows, hidden]`.
    func attend(addingTo y: Tensor, _ pass: ForwardPass) {
        let projected = pass.rows(of: pass.workspace.projected)
        let attended = pass.rows(of: pass.workspace.attended)
        pass.operators.attention(
            projected.columns(heads.queryColumns), layer: layer, cache: pass.cache,
            batch: pass.batch, headCount: heads.headCount, scale: scale,
            slidingWindow: slidingWindow, into: attended)
        output(attended, addingTo: y, pass.operators)
    }
}
