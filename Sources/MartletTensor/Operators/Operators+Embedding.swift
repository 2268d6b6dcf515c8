extension Operators {
    /// Copies the weight row of each id, as fp32, into the row of `y`: exactly, or, where the
    /// table is quantized, what its numbers stand for.
    ///
    /// - Parameters:
    ///   - ids: One per row of `y`, each below `table.outputCount`.
    ///   - table: [vocabulary, width], shared with the output head where embeddings are tied.
    package func embed(_ ids: [Int32], _ table: PackedMatrix, into y: Tensor) {
        gather(ids, table, y, adding: false)
    }

    /// Adds the weight row at each index to the row of `y`: learned positions.
    package func addRows(of table: PackedMatrix, at indices: [Int32], to y: Tensor) {
        gather(indices, table, y, adding: true)
    }

    private func gather(_ ids: [Int32], _ table: PackedMatrix, _ y: Tensor, adding: Bool) {
        precondition(ids.count == y.rows, "\(ids.count) ids for \(y.rows) rows")
        precondition(table.inputCount == y.columns, "table rows of \(table.inputCount)")
        forEachRow(
            y.rows, columns: y.columns,
            GatherRows(ids: ids, table: table, y: y, isAdding: adding))
    }
}

private struct GatherRows: RowOperation {
    let ids: [Int32]
    let table: PackedMatrix
    let y: Tensor
    let isAdding: Bool

    func apply(to row: Int) {
        table.unpackRow(Int(ids[row]), into: y.pointer + row * y.rowStride, adding: isAdding)
    }
}
