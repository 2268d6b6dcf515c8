package import MartletTensor

/// What one step lends to the model: its rows, the memory they work in and the hands that work.
package struct ForwardPass {
    /// The token id of every row, each within the vocabulary.
    package let tokens: [Int32]
    /// Which sequence, position and cache slot every row belongs to.
    package let batch: AttentionBatch
    package let cache: PagedKVCache
    /// Activations, of at least as many rows as there are tokens.
    package let workspace: Workspace
    package let operators: Operators

    package init(
        tokens: [Int32], batch: AttentionBatch, cache: PagedKVCache, workspace: Workspace,
        operators: Operators
    ) {
        precondition(tokens.count == batch.rowCount, "one token for each row")
        precondition(tokens.count <= workspace.rowCount, "more rows than the workspace holds")
        self.tokens = tokens
        self.batch = batch
        self.cache = cache
        self.workspace = workspace
        self.operators = operators
    }

    /// The part of `buffer` that this pass's rows use.
    func rows(of buffer: Tensor) -> Tensor { buffer.prefix(rows: tokens.count) }
}
