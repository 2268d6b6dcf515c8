import CMartletKernels

extension Operators {
    /// Quantizes the activations where the weight's format asks for it, once per call, and points
    /// the call at them.
    ///
    /// Beside int8 weights each row has one scale; beside int4 weights each group of inputs that
    /// shares weight scales has one: its sum is scaled there anyway, and with a few large values
    /// among them, 40 times the others in one of 256, activations add 1 % to the error of groups of
    /// 32 instead of 30 %.
    func quantize(
        _ x: Tensor, _ making: MakeRows?, _ weight: PackedMatrix,
        _ call: inout martlet_matmul_call
    ) {
        guard let quantized = weight.layout.quantized else { return }
        let layout = QuantizedRowLayout(quantized)
        let records = activationScratch.reserve(byteCount: x.rows * layout.byteCount)
        let offset = quantized.kind == MARTLET_INT8 ? kernels.matmul.int8_offset : 0
        forEachRow(
            x.rows, columns: x.columns,
            RowSequence(
                first: making,
                second: QuantizeRows(
                    x: x, weight: quantized, layout: layout, offset: offset, records: records,
                    kernels: kernels.quantize)))
        call.activations = UnsafeRawPointer(records)
        call.activation_stride = layout.byteCount
        call.row = layout.kernelLayout
    }
}

private struct QuantizeRows: RowOperation {
    let x: Tensor
    let weight: martlet_weight_layout
    let layout: QuantizedRowLayout
    /// What is added to each number.
    let offset: UInt8
    let records: UnsafeMutableRawPointer
    let kernels: martlet_quantize_kernels

    func apply(to row: Int) {
        withUnsafePointer(to: weight) { weight in
            withUnsafePointer(to: layout.kernelLayout) { layout in
                kernels.quantize_row(
                    weight, layout, offset, x.pointer + row * x.rowStride,
                    records + row * self.layout.byteCount)
            }
        }
    }
}
