import CMartletKernels

/// Where queries, keys and values lie in the rows of a stacked projection, and what is done to
/// their heads before attention.
package struct HeadLayout: Sendable {
    package let headCount: Int
    package let kvHeadCount: Int
    package let headDim: Int
    /// Weights of the RMS norms of every query head and every key head, `[headDim]`; nil for none.
    package let queryNorm: Vector?
    package let keyNorm: Vector?
    package let normEpsilon: Float
    /// Turns queries and keys; nil where positions are learned.
    package let rotary: RotaryTable?

    package init(
        headCount: Int, kvHeadCount: Int, headDim: Int, queryNorm: Vector? = nil,
        keyNorm: Vector? = nil, normEpsilon: Float = 0, rotary: RotaryTable? = nil
    ) {
        precondition(headCount > 0 && kvHeadCount > 0 && headDim > 0, "heads of nothing")
        for norm in [queryNorm, keyNorm] {
            precondition(norm.map { $0.count == headDim } ?? true, "norm does not fit the head")
        }
        precondition(rotary.map { $0.rotaryDim <= headDim } ?? true, "rotary exceeds the head")
        self.headCount = headCount
        self.kvHeadCount = kvHeadCount
        self.headDim = headDim
        self.queryNorm = queryNorm
        self.keyNorm = keyNorm
        self.normEpsilon = normEpsilon
        self.rotary = rotary
    }

    /// Floats of a row: query heads, then key heads, then value heads.
    package var columnCount: Int { (headCount + 2 * kvHeadCount) * headDim }

    /// The columns of the queries.
    package var queryColumns: Range<Int> { 0..<headCount * headDim }

    var keyStart: Int { headCount * headDim }

    var valueStart: Int { (headCount + kvHeadCount) * headDim }
}

extension Operators {
    /// Norms and turns the heads of queries and keys in place, then writes keys and values into
    /// the cache: one pass over each row while it is in the nearest cache.
    ///
    /// - Parameters:
    ///   - projected: `[rows, layout.columnCount]`.
    ///   - batch: Says each row's position and slot; no slot twice.
    package func prepareHeads(
        _ projected: Tensor, _ layout: HeadLayout, layer: Int, cache: PagedKVCache,
        batch: AttentionBatch
    ) {
        precondition(projected.columns == layout.columnCount, "heads do not fit the projection")
        precondition(
            cache.kvHeadCount == layout.kvHeadCount && cache.headDim == layout.headDim,
            "heads do not fit the cache")
        precondition(projected.rows == batch.rowCount, "rows do not fit the batch")
        guard batch.rowCount > 0 else { return }
        let slotCount = cache.blockCount * cache.blockSize
        precondition(batch.slotMapping.allSatisfy { $0 >= 0 && $0 < slotCount }, "slot range")
        layout.rotary?.storage.fill(through: Int(batch.lastPosition))
        let rows = projected.rows
        let isSmall = rows == 1 || rows * projected.columns < Self.parallelElementCount
        let share = rows / (4 * pool.threadCount)
        let perChunk = isSmall ? rows : max(1, min(HeadPass.rowsPerChunkMax, share))
        withExtendedLifetime((projected, layout, cache)) {
            batch.withRows { positions, slots in
                pool.run(
                    chunkCount: (rows + perChunk - 1) / perChunk,
                    HeadPass(
                        kernels: kernels, positions: positions, slots: slots,
                        rowsPerChunk: perChunk, start: projected.pointer,
                        rowStride: projected.rowStride, layout: layout,
                        layer: cache.layer(layer), write: cache.writeKernel(kernels)))
            }
        }
    }
}
