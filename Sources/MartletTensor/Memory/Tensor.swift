/// An fp32 matrix [rows, columns], row-major with a row stride: a view on shared memory.
///
/// Views share memory with what they were taken from. A tensor belongs to one engine thread and
/// the pool that thread drives; nothing here is synchronised.
package struct Tensor {
    package let rows: Int
    package let columns: Int
    /// Floats from one row to the next.
    package let rowStride: Int
    private let memory: TensorMemory
    private let offset: Int

    /// A zeroed matrix whose rows start on 64-byte boundaries.
    package init(rows: Int, columns: Int) {
        precondition(rows >= 0 && columns >= 0, "Tensor of \(rows) x \(columns)")
        rowStride = (columns + 15) / 16 * 16
        memory = TensorMemory(byteCount: rows * rowStride * MemoryLayout<Float>.stride)
        self.rows = rows
        self.columns = columns
        offset = 0
    }

    private init(rows: Int, columns: Int, rowStride: Int, memory: TensorMemory, offset: Int) {
        self.rows = rows
        self.columns = columns
        self.rowStride = rowStride
        self.memory = memory
        self.offset = offset
    }

    /// The first element; rows follow every `rowStride` floats.
    package var pointer: UnsafeMutablePointer<Float> {
        memory.pointer.assumingMemoryBound(to: Float.self) + offset
    }

    /// The first `rows` rows.
    package func prefix(rows: Int) -> Tensor {
        self.rows(0..<rows)
    }

    /// Some consecutive rows.
    package func rows(_ range: Range<Int>) -> Tensor {
        precondition(range.lowerBound >= 0 && range.upperBound <= rows, "rows out of range")
        return Tensor(
            rows: range.count, columns: columns, rowStride: rowStride, memory: memory,
            offset: offset + range.lowerBound * rowStride)
    }

    /// Some consecutive columns of every row.
    package func columns(_ range: Range<Int>) -> Tensor {
        precondition(
            range.lowerBound >= 0 && range.upperBound <= columns, "columns out of range")
        return Tensor(
            rows: rows, columns: range.count, rowStride: rowStride, memory: memory,
            offset: offset + range.lowerBound)
    }

    /// One row. The buffer is valid while this tensor, or another view of its memory, lives.
    package func row(_ index: Int) -> UnsafeMutableBufferPointer<Float> {
        precondition(index >= 0 && index < rows, "row out of range")
        return UnsafeMutableBufferPointer(start: pointer + index * rowStride, count: columns)
    }
}
