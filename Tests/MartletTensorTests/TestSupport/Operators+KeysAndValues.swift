import MartletTensor

extension Operators {
    /// Writes keys and values `[rows, kvHeads * headDim]` into the cache as they are.
    ///
    /// - Parameter slotMapping: block * blockSize + offset per row; no slot twice.
    func writeKV(
        key: Tensor, value: Tensor, layer: Int, cache: PagedKVCache, slotMapping: [Int32]
    ) {
        let layout = HeadLayout(
            headCount: 1, kvHeadCount: cache.kvHeadCount, headDim: cache.headDim)
        let width = cache.kvHeadCount * cache.headDim
        let projected = Tensor(rows: slotMapping.count, columns: layout.columnCount)
        for row in slotMapping.indices {
            let keyStart = cache.headDim
            for column in 0..<width {
                projected.row(row)[keyStart + column] = key.row(row)[column]
                projected.row(row)[keyStart + width + column] = value.row(row)[column]
            }
        }
        // Each row is a sequence of its own, whose one block begins as many tokens before it.
        let entries = slotMapping.enumerated().map { row, slot in
            AttentionBatch.Entry(
                firstRow: row, rowCount: 1, startPosition: Int(slot) % cache.blockSize,
                blockTable: [slot / Int32(cache.blockSize)])
        }
        prepareHeads(
            projected, layout, layer: layer, cache: cache,
            batch: AttentionBatch(entries: entries, blockSize: cache.blockSize))
    }
}
