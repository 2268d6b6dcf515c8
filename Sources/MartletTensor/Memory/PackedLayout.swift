import CMartletKernels

/// Where the parts of a packed weight lie, from its format and size alone.
///
/// A matrix is a row of panels of 64 outputs, each of which holds all that belongs to its outputs:
/// `martlet_matmul.h` and `martlet_quantize.h` say how. Panels begin at multiples of 64 bytes.
package struct PackedLayout: Hashable, Sendable {
    package let format: WeightFormat
    package let outputCount: Int
    package let inputCount: Int
    /// Inputs summed over, padding included.
    package let depth: Int
    package let panelCount: Int
    package let panelByteCount: Int
    /// Bytes of the whole matrix, scales included.
    package let byteCount: Int

    /// Outputs per panel.
    static let panelColumns = Int(MARTLET_PANEL_COLUMNS)
    /// What a matrix in memory has to be aligned to.
    package static let alignment = 64
    /// Beyond any model, and small enough that sizes of panels do not overflow.
    private static let maximumCount = 1 << 31

    /// - Throws: ``TensorError/invalidShape(_:)`` for sizes out of range, or that overflow, and for
    ///   formats that do not exist. int8 takes up to 131,072 inputs.
    package init(
        format: WeightFormat, outputCount: Int, inputCount: Int
    ) throws(TensorError) {
        let counts = 1...Self.maximumCount
        guard counts.contains(outputCount), counts.contains(inputCount) else {
            throw .invalidShape("weight of \(outputCount) outputs and \(inputCount) inputs")
        }
        guard format.isValid else { throw .invalidShape("weight of \(format)") }
        if format == .int8, inputCount > Int(MARTLET_INT8_DEPTH_MAXIMUM) {
            throw .invalidShape("weight of int8 with \(inputCount) inputs")
        }
        self.format = format
        self.outputCount = outputCount
        self.inputCount = inputCount
        depth = Self.depth(format, inputCount)
        panelCount = (outputCount - 1) / Self.panelColumns + 1
        panelByteCount = Self.panelByteCount(format, depth: depth)
        let (byteCount, overflows) = panelCount.multipliedReportingOverflow(by: panelByteCount)
        guard !overflows else {
            throw .invalidShape("weight of \(outputCount) outputs and \(inputCount) inputs")
        }
        self.byteCount = byteCount
    }

    /// As the kernels are told; nil for dense weights.
    var quantized: martlet_weight_layout? {
        Self.quantized(format, depth: depth, inputCount: inputCount)
    }

    /// Inputs per scale: one group of all where outputs have scales.
    var groupInputs: Int { Self.groupInputs(format, depth: depth) }

    private static func quantized(
        _ format: WeightFormat, depth: Int, inputCount: Int
    ) -> martlet_weight_layout? {
        format.quantization.map { kind in
            martlet_weight_layout(
                kind: kind, input_count: inputCount, depth: depth,
                group_inputs: groupInputs(format, depth: depth))
        }
    }

    private static func groupInputs(_ format: WeightFormat, depth: Int) -> Int {
        if case .int4(let groupSize, _) = format { groupSize } else { depth }
    }

    private static func depth(_ format: WeightFormat, _ inputCount: Int) -> Int {
        let multiple =
            switch format {
            case .dense(let dtype): dtype == .bfloat16 ? 2 : 1
            case .int8: 4
            case .int4(let groupSize, _): groupSize
            }
        return (inputCount + multiple - 1) / multiple * multiple
    }

    private static func panelByteCount(_ format: WeightFormat, depth: Int) -> Int {
        if case .dense(let dtype) = format { return depth * panelColumns * dtype.byteCount }
        guard var layout = quantized(format, depth: depth, inputCount: depth) else { return 0 }
        return martlet_quantized_panel_bytes(&layout)
    }
}
