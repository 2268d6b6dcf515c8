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
        let write = cache.writeKernel
        // Rows that follow each other share cache lines of a tile, so that chunks hold many.
        let rowsPerChunk = 64
        let rowChunks = (key.rows + rowsPerChunk - 1) / rowsPerChunk
        let parallel = key.rows * width >= Self.parallelElementCount / 4
        let headsPerChunk = parallel ? 1 : cache.kvHeadCount
        let headChunks = cache.kvHeadCount / headsPerChunk
        withExtendedLifetime((key, value, cache)) {
            slotMapping.withUnsafeBufferPointer { slots in
                pool.run(chunkCount: rowChunks * headChunks) { chunk, _ in
                    let (rowChunk, head) = chunk.quotientAndRemainder(dividingBy: headChunks)
                    let first = rowChunk * rowsPerChunk
                    for row in first..<min(first + rowsPerChunk, key.rows) {
                        withUnsafePointer(to: description) {
                            write(
                                $0, key.pointer + row * key.rowStride,
                                value.pointer + row * value.rowStride, Int(slots[row]),
                                head * headsPerChunk, headsPerChunk)
                        }
                    }
                }
            }
        }
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
