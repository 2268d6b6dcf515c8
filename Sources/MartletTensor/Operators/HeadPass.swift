import CMartletKernels

/// One call of `prepareHeads` under way.
struct HeadPass {
    let kernels: KernelTable
    /// The first row's first query.
    let start: UnsafeMutablePointer<Float>
    let rowStride: Int
    let layout: HeadLayout
    let layer: martlet_kv_layer
    let write: martlet_kv_write_function

    /// Rows that a thread takes at most: several tiles of the cache, whose lines neighbouring rows
    /// share.
    static let rowsPerChunk = 64

    func run(
        _ rows: Range<Int>, _ positions: UnsafeBufferPointer<Int32>,
        _ slots: UnsafeBufferPointer<Int32>
    ) {
        var row = rows.lowerBound
        while row < rows.upperBound {
            let count = consecutive(slots, from: row, to: rows.upperBound)
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
    private func consecutive(
        _ slots: UnsafeBufferPointer<Int32>, from row: Int, to end: Int
    ) -> Int {
        let tile = Int(MARTLET_TILE_TOKENS)
        let slot = Int(slots[row])
        let limit = min(tile - slot % tile, end - row)
        var count = 1
        while count < limit, Int(slots[row + count]) == slot + count { count += 1 }
        return count
    }
}
