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
    let headCount: Int
    let kvHeadCount: Int
    let headDim: Int
    /// What the products of queries and keys are multiplied with.
    let scale: Float
    var rotary: RotaryTable?
    var queryNorm: RMSNorm?
    var keyNorm: RMSNorm?
    /// A token sees itself and this many less one before it; nil for all.
    var slidingWindow: Int?

    /// Attends from `x` `[rows, hidden]` and adds the result to `y` `[rows, hidden]`.
    func callAsFunction(_ x: Tensor, addingTo y: Tensor, _ pass: ForwardPass) {
        let operators = pass.operators
        let projected = pass.rows(of: pass.workspace.projected)
        let attended = pass.rows(of: pass.workspace.attended)
        queryKeyValue(x, into: projected, operators)

        let keyStart = headCount * headDim
        let valueStart = keyStart + kvHeadCount * headDim
        let query = projected.columns(0..<keyStart)
        let key = projected.columns(keyStart..<valueStart)
        let value = projected.columns(valueStart..<projected.columns)
        queryNorm?.perHead(query, operators)
        keyNorm?.perHead(key, operators)
        if let rotary {
            // Queries and keys lie side by side and turn alike.
            operators.rotate(
                projected.columns(0..<valueStart), headDim: headDim, table: rotary,
                positions: pass.batch.positions)
        }
        operators.writeKV(
            key: key, value: value, layer: layer, cache: pass.cache,
            slotMapping: pass.batch.slotMapping)
        operators.attention(
            query, layer: layer, cache: pass.cache, batch: pass.batch, headCount: headCount,
            scale: scale, slidingWindow: slidingWindow, into: attended)
        output(attended, addingTo: y, operators)
    }
}
