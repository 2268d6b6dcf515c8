import CMartletKernels

extension PackedMatrix {
    /// Writes the weights of one output, as fp32, to `inputCount` floats.
    ///
    /// Dense weights come back exactly; quantized ones as scale times number, plus the minimum.
    package func unpackRow(_ index: Int, into destination: UnsafeMutablePointer<Float>) {
        unpackRow(index, into: destination, adding: false)
    }

    func unpackRow(_ index: Int, into destination: UnsafeMutablePointer<Float>, adding: Bool) {
        precondition(index >= 0 && index < outputCount, "weight row out of range")
        let (panelIndex, lane) = index.quotientAndRemainder(
            dividingBy: PackedLayout.panelColumns)
        if case .dense(let dtype) = format {
            martlet_unpack_row(
                panel(panelIndex), dtype.kernelType, lane, inputCount, destination, adding)
        } else if var quantized = layout.quantized {
            martlet_dequantize_row(&quantized, panel(panelIndex), lane, destination, adding)
        }
    }
}
