import CMartletKernels

/// One call of `prepareHeads` under way.
struct HeadPass: PoolJob {
    let kernels: KernelTable
    /// Position and slot of each row.
    let positions: UnsafeBufferPointer<Int32>
    let slots: UnsafeBufferPointer<Int32>
    /// Rows in a chunk.
    let rowsPerChunk: Int
    /// The first row's first query.
    let start: UnsafeMutablePointer<Float>
    let rowStride: Int
    let layout: HeadLayout
    let layer: martlet_kv_layer
    let write: martlet_kv_write_function

    /// Rows that a thread takes at most: several tiles of the cache, whose lines neighbouring rows
    /// share.
    static let rowsPerChunkMax = 64

    func run(chunk: Int, worker: Int) {
        var row = chunk * rowsPerChunk
        let end = min(row + rowsPerChunk, slots.count)
        while row < end {
            let count = consecutive(from: row, to: end)
            for row in row..<row + count { prepare(row, position: Int(positions[row])) }
            store(row, count: count, slot: Int(slots[row]))
            row += count
        }
    }

    private func prepare(_ row: Int, position: Int) {
        let queries = start + row * rowStride
        let keys = queries + layout.keyStart
        normalize(queries, count: layout.headCount, layout.queryNorm)
        normalize(keys, count: layout.kvHeadCount, layout.keyNorm)
        guard let storage = layout.rotary?.storage else { return }
        // Queries and keys lie side by side and turn alike.
        kernels.rope.half_split(
            queries, layout.headCount + layout.kvHeadCount, layout.headDim,
            storage.cosine(position), storage.sine(position), storage.pairCount)
    }

    private func normalize(_ heads: UnsafeMutablePointer<Float>, count: Int, _ weight: Vector?) {
        guard let weight else { return }
        let function = kernels.norm.rms
        for head in 0..<count {
            let start = heads + head * layout.headDim
            function(start, weight.pointer, layout.normEpsilon, layout.headDim, start)
        }
    }

    /// Writes rows whose slots follow each other within a tile.
    private func store(_ row: Int, count: Int, slot: Int) {
        let values = start + row * rowStride
        let rows = martlet_kv_rows(
            key: values + layout.keyStart, value: values + layout.valueStart,
            key_stride: rowStride, value_stride: rowStride, slot: slot, count: count)
        withUnsafePointer(to: layer) { layer in
            withUnsafePointer(to: rows) { write(layer, $0, 0, layout.kvHeadCount) }
        }
    }

    /// How many rows from `row` on have slots that follow each other within a tile.
    private func consecutive(from row: Int, to end: Int) -> Int {
        let tile = Int(MARTLET_TILE_TOKENS)
        let slot = Int(slots[row])
        let limit = min(tile - slot % tile, end - row)
        var count = 1
        while count < limit, Int(slots[row + count]) == slot + count { count += 1 }
        return count
    }
}
