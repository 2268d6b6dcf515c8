import CMartletKernels

/// Where the parts of one row of quantized activations lie: numbers, scales, corrections.
struct QuantizedRowLayout {
    /// As the kernels are told.
    let kernelLayout: martlet_row_layout
    /// Bytes from one row to the next.
    let byteCount: Int

    private static let lineBytes = 64

    init(_ weight: martlet_weight_layout) {
        let groups = weight.depth / weight.group_inputs
        let line = Self.lineBytes
        let scaleOffset = (weight.depth + line - 1) / line * line
        let correctionOffset = scaleOffset + groups * MemoryLayout<Float>.size
        let end = correctionOffset + groups * MemoryLayout<Float>.size
        kernelLayout = martlet_row_layout(
            group_inputs: weight.group_inputs, scale_offset: scaleOffset,
            correction_offset: correctionOffset)
        // An odd number of cache lines keeps the rows of a tile in different cache sets.
        byteCount = (end + line - 1) / line * line | line
    }
}
