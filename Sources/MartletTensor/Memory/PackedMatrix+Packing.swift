import CMartletKernels

extension PackedMatrix {
    /// Packs source rows into outputs `rows`, converted (to nearest even) or quantized.
    ///
    /// Calls for different outputs may follow each other, so that fused weights (query, key and
    /// value) are packed from their separate sources. Every processor packs the same bytes. Where
    /// an infinity or NaN is among quantized weights, the output's scale, or the group's, is NaN,
    /// and so is what the layer computes for that output.
    ///
    /// - Parameters:
    ///   - source: [rows.count, inputCount] row-major, or [inputCount, rows.count] when
    ///     `transposed` (GPT-2's Conv1D), at any alignment.
    ///   - sourceRowStride: Elements from one source row to the next; nil when rows are
    ///     contiguous.
    ///   - kernels: The instruction set to use.
    package func pack(
        _ source: UnsafeRawBufferPointer, sourceDType: DType, outputs rows: Range<Int>,
        transposed: Bool = false, sourceRowStride: Int? = nil, pool: WorkerPool,
        kernels: KernelTable = .selected
    ) {
        precondition(isWritable, "a weight that is read in place is not packed")
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
        let first = rows.lowerBound / PackedLayout.panelColumns
        let last = (rows.upperBound - 1) / PackedLayout.panelColumns
        pool.run(chunkCount: last - first + 1) { chunk, _ in
            packPanel(first + chunk, rows: rows, from: description, kernels)
        }
    }

    /// Packs the part of `rows` that lies in one panel.
    private func packPanel(
        _ index: Int, rows: Range<Int>, from source: martlet_pack_source, _ kernels: KernelTable
    ) {
        let start = index * PackedLayout.panelColumns
        let part = rows.clamped(to: start..<start + PackedLayout.panelColumns)
        let first = part.lowerBound - rows.lowerBound
        let lane = part.lowerBound - start
        withUnsafePointer(to: source) { source in
            if case .dense(let dtype) = format {
                martlet_pack_panel(
                    source, first, part.count, inputCount, panel(index), dtype.kernelType, lane)
            } else if var quantized = layout.quantized {
                kernels.quantize.quantize_panel(
                    &quantized, source, first, part.count, panel(index), lane)
            }
        }
    }
}
