import MartletTensor

/// An MLP over a step's rows.
protocol FeedForwardNetwork: Sendable {
    /// Adds the MLP of `x` `[rows, hidden]` to `y` `[rows, hidden]`.
    ///
    /// - Parameter maker: Says how to make some rows of `x` first; nil where they are there.
    func callAsFunction(
        _ x: Tensor, madeBy maker: (Range<Int>) -> RowMaker?, addingTo y: Tensor,
        _ pass: ForwardPass)
}

/// The MLP of Llama and its kin: `down(activation(gate(x)) * up(x))`.
///
/// - Source: Shazeer, GLU Variants Improve Transformer, 2020.
struct GatedFeedForward: FeedForwardNetwork {
    /// Gate, then up: `[2 * width, hidden]`.
    let gateUp: Linear
    /// `[hidden, width]`.
    let down: Linear
    let activation: Activation

    func callAsFunction(
        _ x: Tensor, madeBy maker: (Range<Int>) -> RowMaker?, addingTo y: Tensor,
        _ pass: ForwardPass
    ) {
        guard let gatedBuffer = pass.workspace.gated else {
            preconditionFailure("a gated MLP needs the workspace of one")
        }
        forEachRowGroup(of: x) { rows in
            let expanded = pass.workspace.expanded.prefix(rows: rows.count)
            let gated = gatedBuffer.prefix(rows: rows.count)
            gateUp(x.rows(rows), madeBy: maker(rows), into: expanded, pass.operators)
            down(
                gated, madeBy: .gate(of: expanded, activation), addingTo: y.rows(rows),
                pass.operators)
        }
    }
}

/// The MLP of GPT-2 and OPT: `down(activation(up(x)))`.
struct FeedForward: FeedForwardNetwork {
    /// `[width, hidden]`.
    let up: Linear
    /// `[hidden, width]`.
    let down: Linear
    let activation: Activation

    func callAsFunction(
        _ x: Tensor, madeBy maker: (Range<Int>) -> RowMaker?, addingTo y: Tensor,
        _ pass: ForwardPass
    ) {
        forEachRowGroup(of: x) { rows in
            let expanded = pass.workspace.expanded.prefix(rows: rows.count)
            up(x.rows(rows), madeBy: maker(rows), into: expanded, pass.operators)
            down(
                expanded, madeBy: .activation(activation), addingTo: y.rows(rows),
                pass.operators)
        }
    }
}

/// Calls `body` with even parts of the rows of `x`, none higher than the MLP's activations.
private func forEachRowGroup(of x: Tensor, _ body: (Range<Int>) -> Void) {
    let groupCount = (x.rows + Workspace.mlpRowCount - 1) / Workspace.mlpRowCount
    for group in 0..<groupCount {
        body(x.rows * group / groupCount..<x.rows * (group + 1) / groupCount)
    }
}
