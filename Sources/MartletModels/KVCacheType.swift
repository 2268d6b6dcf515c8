package import MartletTensor

/// The type keys and values are cached in, as a user asks for it.
package enum KVCacheType: String, Sendable, CaseIterable {
    /// The model's own: as wide as its weights deserve.
    case auto
    case bfloat16, float32
    /// Half the memory of `bfloat16`, rounded to 1/127 of each token's largest key or value.
    case int8

    /// The type in memory; nil for the model's own.
    package var dtype: DType? {
        switch self {
        case .auto: nil
        case .bfloat16: .bfloat16
        case .float32: .float32
        case .int8: .int8
        }
    }
}
