import CMartletKernels

extension Operators {
    /// Quantizes the activations where the weight's format asks for it, once per call, and points
    /// the call at them.
    ///
    /// Beside int8 weights each row has one scale; beside int4 weights each group of inputs that
    /// shares weight scales has one, since its sum is scaled there anyway and activations with a
    /// few large values lose much less.
    func quantize(_ x: Tensor, _ weight: PackedMatrix, _ call: inout martlet_matmul_call) {
        guard let quantized = weight.layout.quantized else { return }
        let layout = QuantizedRowLayout(quantized)
        let records = activationScratch.reserve(byteCount: x.rows * layout.byteCount)
        let offset = quantized.kind == MARTLET_INT8 ? kernels.matmul.int8_offset : 0
        let quantizeRow = kernels.quantize.quantize_row
        withUnsafePointer(to: quantized) { quantized in
            withUnsafePointer(to: layout.kernelLayout) { kernelLayout in
                forEachRow(x.rows, columns: x.columns) { row in
                    quantizeRow(
                        quantized, kernelLayout, offset, x.pointer + row * x.rowStride,
                        records + row * layout.byteCount)
                }
            }
        }
        call.activations = UnsafeRawPointer(records)
        call.activation_stride = layout.byteCount
        call.row = layout.kernelLayout
    }
}
