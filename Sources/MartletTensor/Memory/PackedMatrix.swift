import CMartletKernels

/// A linear layer's weight [outputCount, inputCount], packed in panels of 64 outputs.
///
/// bf16: [panels][inputs/2][64][2], so that one load feeds `vdpbf16ps`; f16 and f32:
/// [panels][inputs][64]. Outputs are padded to 64 and bf16 inputs to 2 with zeros.
package final class PackedMatrix: Sendable {
    package let outputCount: Int
    package let inputCount: Int
    package let dtype: DType
    let memory: TensorMemory

    /// Outputs per panel.
    static let panelColumns = Int(MARTLET_PANEL_COLUMNS)

    /// A zeroed weight; its pages are taken as rows are packed.
    package init(outputCount: Int, inputCount: Int, dtype: DType) {
        precondition(outputCount > 0 && inputCount > 0, "\(outputCount) x \(inputCount) weight")
        precondition(DType.weightTypes.contains(dtype), "weight of \(dtype)")
        self.outputCount = outputCount
        self.inputCount = inputCount
        self.dtype = dtype
        memory = TensorMemory(
            byteCount: Self.panelCount(outputCount)
                * Self.panelByteCount(inputCount: inputCount, dtype: dtype))
    }

    /// Bytes of memory held.
    package var byteCount: Int { memory.byteCount }

    /// Number of panels.
    var panelCount: Int { Self.panelCount(outputCount) }

    /// Inputs summed over, padding included.
    var depth: Int { Self.depth(inputCount: inputCount, dtype: dtype) }

    var panelByteCount: Int { Self.panelByteCount(inputCount: inputCount, dtype: dtype) }

    func panel(_ index: Int) -> UnsafeMutableRawPointer {
        memory.pointer + index * panelByteCount
    }

    /// Writes the weights of one output, as fp32 and exactly, to `inputCount` floats.
    package func unpackRow(_ index: Int, into destination: UnsafeMutablePointer<Float>) {
        unpackRow(index, into: destination, adding: false)
    }

    func unpackRow(_ index: Int, into destination: UnsafeMutablePointer<Float>, adding: Bool) {
        precondition(index >= 0 && index < outputCount, "weight row out of range")
        let (panelIndex, lane) = index.quotientAndRemainder(dividingBy: Self.panelColumns)
        martlet_unpack_row(
            panel(panelIndex), dtype.kernelType, lane, inputCount, destination, adding)
    }

    private static func panelCount(_ outputCount: Int) -> Int {
        (outputCount + panelColumns - 1) / panelColumns
    }

    private static func depth(inputCount: Int, dtype: DType) -> Int {
        dtype == .bfloat16 ? (inputCount + 1) / 2 * 2 : inputCount
    }

    private static func panelByteCount(inputCount: Int, dtype: DType) -> Int {
        depth(inputCount: inputCount, dtype: dtype) * panelColumns * dtype.byteCount
    }
}
