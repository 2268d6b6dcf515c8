import CMartletKernels

extension Operators {
    /// Writes keys and values [rows, kvHeads * headDim] into the cache, converted to its type.
    ///
    /// - Parameter slotMapping: block * blockSize + offset per row; no slot twice.
    package func writeKV(
        key: Tensor, value: Tensor, layer: Int, cache: PagedKVCache, slotMapping: [Int32]
    ) {
        let width = cache.kvHeadCount * cache.headDim
        precondition(key.columns == width && value.columns == width, "keys do not fit the cache")
        precondition(
            key.rows == slotMapping.count && value.rows == slotMapping.count,
            "\(slotMapping.count) slots for \(key.rows) rows")
        let slotCount = cache.blockCount * cache.blockSize
        precondition(slotMapping.allSatisfy { $0 >= 0 && $0 < slotCount }, "slot out of range")
        let description = cache.layer(layer)
        let write = cache.writeKernel(kernels)
        // Rows that follow each other share cache lines of a tile, so that chunks hold many.
        let rowsPerChunk = 64
        let rowChunks = (key.rows + rowsPerChunk - 1) / rowsPerChunk
        let parallel = key.rows * width >= Self.parallelElementCount / 4
        let headsPerChunk = parallel ? 1 : cache.kvHeadCount
        let headChunks = cache.kvHeadCount / headsPerChunk
        withExtendedLifetime((key, value, cache)) {
            pool.run(chunkCount: rowChunks * headChunks) { chunk, _ in
                let (rowChunk, head) = chunk.quotientAndRemainder(dividingBy: headChunks)
                var row = rowChunk * rowsPerChunk
                let end = min(row + rowsPerChunk, key.rows)
                while row < end {
                    let rows = kernelRows(key, value, from: row, slotMapping[row..<end])
                    withUnsafePointer(to: description) { layer in
                        withUnsafePointer(to: rows) {
                            write(layer, $0, head * headsPerChunk, headsPerChunk)
                        }
                    }
                    row += rows.count
                }
            }
        }
    }

    /// The rows from `row` on whose slots follow each other within a tile.
    private func kernelRows(
        _ key: Tensor, _ value: Tensor, from row: Int, _ slots: ArraySlice<Int32>
    ) -> martlet_kv_rows {
        let slot = Int(slots[row])
        let tile = Int(MARTLET_TILE_TOKENS)
        let limit = min(tile - slot % tile, slots.count)
        var count = 1
        while count < limit, Int(slots[row + count]) == slot + count { count += 1 }
        return martlet_kv_rows(
            key: key.pointer + row * key.rowStride, value: value.pointer + row * value.rowStride,
            key_stride: key.rowStride, value_stride: value.rowStride, slot: slot, count: count)
    }

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
