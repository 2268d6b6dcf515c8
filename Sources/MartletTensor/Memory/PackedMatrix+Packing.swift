import CMartletKernels

extension PackedMatrix {
    /// Packs source rows into outputs `rows`, converting to `dtype` (to nearest even).
    ///
    /// Calls for different outputs may follow each other, so that fused weights (query, key and
    /// value) are packed from their separate sources.
    ///
    /// - Parameters:
    ///   - source: [rows.count, inputCount] row-major, or [inputCount, rows.count] when
    ///     `transposed` (GPT-2's Conv1D), at any alignment.
    ///   - sourceRowStride: Elements from one source row to the next; nil when rows are
    ///     contiguous.
    package func pack(
        _ source: UnsafeRawBufferPointer, sourceDType: DType, outputs rows: Range<Int>,
        transposed: Bool = false, sourceRowStride: Int? = nil, pool: WorkerPool
    ) {
        precondition(
            rows.lowerBound >= 0 && rows.upperBound <= outputCount, "outputs out of range")
        let width = transposed ? rows.count : inputCount
        let height = transposed ? inputCount : rows.count
        let stride = sourceRowStride ?? width
        precondition(stride >= width, "source rows overlap")
        guard let base = source.baseAddress, !rows.isEmpty else { return }
        let needed = ((height - 1) * stride + width) * sourceDType.byteCount
        precondition(source.count >= needed, "source of \(source.count) bytes, need \(needed)")
        let description = martlet_pack_source(
            bytes: base, row_stride: stride, dtype: sourceDType.kernelType,
            transposed: transposed)
        let first = rows.lowerBound / Self.panelColumns
        let last = (rows.upperBound - 1) / Self.panelColumns
        pool.run(chunkCount: last - first + 1) { chunk, _ in
            packPanel(first + chunk, rows: rows, from: description)
        }
    }

    /// Packs the part of `rows` that lies in one panel.
    private func packPanel(_ index: Int, rows: Range<Int>, from source: martlet_pack_source) {
        let start = index * Self.panelColumns
        let part = rows.clamped(to: start..<start + Self.panelColumns)
        withUnsafePointer(to: source) { source in
            martlet_pack_panel(
                source, part.lowerBound - rows.lowerBound, part.count, inputCount,
                panel(index), dtype.kernelType, part.lowerBound - start)
        }
    }
}
