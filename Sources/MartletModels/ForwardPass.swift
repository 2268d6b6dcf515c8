package import MartletTensor

/// What one step lends to the model: its rows, the memory they work in and the hands that work.
package struct ForwardPass {
    /// The token id of every row of the step, each within the vocabulary.
    package let tokens: [Int32]
    /// Which sequence, position and cache slot every row of the pass belongs to.
    package private(set) var batch: AttentionBatch
    /// The rows whose hidden states are wanted, ascending.
    package private(set) var wantedRows: [Int]
    package let cache: PagedKVCache
    /// Activations, of at least as many rows as there are tokens.
    package let workspace: Workspace
    package let operators: Operators

    package init(
        tokens: [Int32], batch: AttentionBatch, wantedRows: [Int], cache: PagedKVCache,
        workspace: Workspace, operators: Operators
    ) {
        precondition(tokens.count == batch.rowCount, "one token for each row")
        precondition(tokens.count <= workspace.rowCount, "more rows than the workspace holds")
        self.tokens = tokens
        self.batch = batch
        self.wantedRows = wantedRows
        self.cache = cache
        self.workspace = workspace
        self.operators = operators
    }

    /// The part of `buffer` that this pass's rows use.
    func rows(of buffer: Tensor) -> Tensor { buffer.prefix(rows: batch.rowCount) }

    /// Leaves the rows that nobody wants behind: moves the others of the residual stream and of
    /// the projections to the front.
    ///
    /// - Returns: The pass of the wanted rows.
    func keepingWantedRows() -> ForwardPass {
        guard wantedRows.count < batch.rowCount else { return self }
        for buffer in [workspace.hidden, workspace.projected] {
            // Rows ascend, so none is overwritten before it has moved.
            for (target, row) in wantedRows.enumerated() where target != row {
                _ = buffer.row(target).update(fromContentsOf: buffer.row(row))
            }
        }
        var pass = self
        pass.batch = batch.keeping(wantedRows)
        pass.wantedRows = Array(wantedRows.indices)
        return pass
    }
}
