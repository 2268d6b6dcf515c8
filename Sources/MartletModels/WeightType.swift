package import MartletTensor

/// The type weights are held in, as a user asks for it.
package enum WeightType: String, Sendable, CaseIterable {
    /// The type the checkpoint is stored in, so that nothing is lost and nothing is wasted.
    case auto
    case float32, bfloat16, float16

    /// The type in memory, given the checkpoint's.
    package func resolved(stored: DType) -> DType {
        switch self {
        case .auto: stored
        case .float32: .float32
        case .bfloat16: .bfloat16
        case .float16: .float16
        }
    }
}
