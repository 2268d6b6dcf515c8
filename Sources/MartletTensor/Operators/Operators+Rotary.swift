import CMartletKernels

extension Operators {
    /// Rotates the first `table.rotaryDim` dimensions of every head in place, half-split (NeoX)
    /// style: dimension i pairs with i + rotaryDim / 2.
    ///
    /// - Parameters:
    ///   - x: [rows, heads * headDim]; may be a strided view.
    ///   - positions: One per row.
    package func rotate(_ x: Tensor, headDim: Int, table: RotaryTable, positions: [Int32]) {
        precondition(positions.count == x.rows, "\(positions.count) positions for \(x.rows) rows")
        precondition(headDim > 0 && x.columns % headDim == 0, "heads of \(headDim)")
        precondition(table.rotaryDim <= headDim, "rotary dimension exceeds the head")
        guard let last = positions.max(), let first = positions.min() else { return }
        precondition(first >= 0, "negative position")
        let storage = table.storage
        storage.fill(through: Int(last))
        let function = kernels.rope.half_split
        let headCount = x.columns / headDim
        withExtendedLifetime((x, storage)) {
            positions.withUnsafeBufferPointer { positions in
                forEachRow(x.rows, columns: x.columns) { row in
                    let position = Int(positions[row])
                    function(
                        x.pointer + row * x.rowStride, headCount, headDim,
                        storage.cosine(position), storage.sine(position), storage.pairCount)
                }
            }
        }
    }
}
