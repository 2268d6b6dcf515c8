import CMartletKernels

extension Operators {
    /// Causal attention of every row over the cached keys and values of its sequence.
    ///
    /// The step's own keys and values must have been written. Query head h reads KV head
    /// h / (headCount / kvHeadCount).
    ///
    /// - Parameters:
    ///   - query: [rows, headCount * headDim].
    ///   - scale: Factor on the scores, usually 1 / sqrt(headDim).
    ///   - slidingWindow: w lets position p see p - w + 1 ... p; nil lets it see all before it.
    ///   - y: [rows, headCount * headDim].
    package func attention(
        _ query: Tensor, layer: Int, cache: PagedKVCache, batch: AttentionBatch, headCount: Int,
        scale: Float, slidingWindow: Int?, into y: Tensor
    ) {
        let width = headCount * cache.headDim
        precondition(query.columns == width && y.columns == width, "heads do not fit")
        precondition(query.rows == batch.rowCount && y.rows == batch.rowCount, "rows do not fit")
        precondition(headCount % cache.kvHeadCount == 0, "heads do not share KV heads evenly")
        precondition(slidingWindow.map { $0 > 0 } ?? true, "empty sliding window")
        guard batch.rowCount > 0 else { return }
        let run = AttentionRun(
            operators: self, query: query, output: y, layer: cache.layer(layer), cache: cache,
            batch: batch, headCount: headCount, scale: scale, window: slidingWindow ?? 0)
        withExtendedLifetime((query, y, cache)) { run.execute() }
    }
}
