package import CMartletKernels

/// The element types that weights and caches take in memory.
package enum DType: String, Sendable, CaseIterable {
    case float32
    case bfloat16
    case float16
    /// Keys and values only: whole numbers with an fp32 scale for each token and head.
    case int8

    /// The types that weights take.
    package static let weightTypes: [DType] = [.float32, .bfloat16, .float16]

    /// Bytes of one element, without scales.
    package var byteCount: Int {
        switch self {
        case .float32: 4
        case .bfloat16, .float16: 2
        case .int8: 1
        }
    }

    /// The kernels' name of this type, which weights can take.
    package var kernelType: martlet_dtype {
        switch self {
        case .float32: MARTLET_F32
        case .bfloat16: MARTLET_BF16
        case .float16: MARTLET_F16
        case .int8: preconditionFailure("no weights of int8")
        }
    }
}
