import MartletTensor

/// The activations of a step, allocated once for the largest step and reused by every layer.
///
/// Memory is touched lazily, so rows that no step has used cost address space only.
package struct Workspace {
    /// Rows that go through an MLP at a time. The widest activations are `mlpRowCount` high
    /// instead of the whole step: at 512 rows a layer's weights are already read so rarely that
    /// arithmetic alone counts, and the activations stay in the cache between the two products.
    package static let mlpRowCount = 512

    package let rowCount: Int
    /// The residual stream, `[rows, hidden]`.
    let hidden: Tensor
    /// The normalized residual stream, `[rows, hidden]`.
    let normed: Tensor
    /// Queries, keys and values, `[rows, projected]`.
    let projected: Tensor
    /// The outputs of attention, `[rows, attended]`.
    let attended: Tensor
    /// `[min(rows, mlpRowCount), expanded]`.
    let expanded: Tensor
    /// `[min(rows, mlpRowCount), gated]`; nil without gate.
    let gated: Tensor?
    /// `[rows, embedded]`; nil where embeddings are as wide as the residual stream.
    let embedded: Tensor?

    package init(_ widths: ActivationWidths, rowCount: Int) {
        func optional(_ rows: Int, _ columns: Int) -> Tensor? {
            columns == 0 ? nil : Tensor(rows: rows, columns: columns)
        }
        let mlpRows = min(rowCount, Self.mlpRowCount)
        self.rowCount = rowCount
        hidden = Tensor(rows: rowCount, columns: widths.hidden)
        normed = Tensor(rows: rowCount, columns: widths.hidden)
        projected = Tensor(rows: rowCount, columns: widths.projected)
        attended = Tensor(rows: rowCount, columns: widths.attended)
        expanded = Tensor(rows: mlpRows, columns: widths.expanded)
        gated = optional(mlpRows, widths.gated)
        embedded = optional(rowCount, widths.embedded)
    }
}
