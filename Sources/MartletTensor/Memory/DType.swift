package import CMartletKernels

/// The element types that weights and caches take in memory.
package enum DType: String, Sendable, CaseIterable {
    case float32
    case bfloat16
    case float16

    /// Bytes of one element.
    package var byteCount: Int { self == .float32 ? 4 : 2 }

    /// The kernels' name of this type.
    package var kernelType: martlet_dtype {
        switch self {
        case .float32: MARTLET_F32
        case .bfloat16: MARTLET_BF16
        case .float16: MARTLET_F16
        }
    }
}
