import CMartletKernels

/// How the weights of a matrix are kept in memory.
package enum WeightFormat: Hashable, Sendable {
    /// Each weight as it is, in `float32`, `bfloat16` or `float16`.
    case dense(DType)
    /// Whole numbers in -127...127, with one fp32 scale for each output.
    case int8
    /// Whole numbers in 0...15, with one fp16 scale for each output and group of inputs, and
    /// either one fp16 minimum or, where there is none, a zero at 8.
    ///
    /// - Parameters:
    ///   - groupSize: One of ``groupSizes``.
    ///   - hasMinimum: For weights that are not symmetric about zero.
    case int4(groupSize: Int, hasMinimum: Bool)

    /// The inputs that may share a scale.
    package static let groupSizes = [32, 64, 128]

    /// Whether there are such weights.
    package var isValid: Bool {
        switch self {
        case .dense(let dtype): DType.weightTypes.contains(dtype)
        case .int8: true
        case .int4(let groupSize, _): Self.groupSizes.contains(groupSize)
        }
    }

    /// What activations are multiplied as; nil where they are not quantized.
    var quantization: martlet_quantization? {
        switch self {
        case .dense: nil
        case .int8: MARTLET_INT8
        case .int4(_, hasMinimum: false): MARTLET_INT4
        case .int4(_, hasMinimum: true): MARTLET_INT4_MINIMUM
        }
    }
}

extension WeightFormat: CustomStringConvertible {
    package var description: String {
        switch self {
        case .dense(let dtype): dtype.rawValue
        case .int8: "int8"
        case .int4(let groupSize, false): "int4 in groups of \(groupSize)"
        case .int4(let groupSize, true): "int4 in groups of \(groupSize) with minimum"
        }
    }
}
