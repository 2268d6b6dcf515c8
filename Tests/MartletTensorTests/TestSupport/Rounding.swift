import MartletTensor

/// Scalar definitions of the number formats, independent of the kernels'.
enum Rounding {
    /// Unit roundoff of fp32.
    static let unit = 0x1p-24
    /// Unit roundoff of bf16.
    static let bfloat16Unit = 0x1p-8

    /// To bf16, nearest even, by arithmetic on the value instead of its bits.
    static func bfloat16(_ value: Float) -> Float {
        guard value.isFinite, value != 0 else { return value }
        let exponent = max(value.exponent, -126)
        let quantum = Float(sign: .plus, exponent: exponent - 7, significand: 1)
        let steps = (Double(value) / Double(quantum)).rounded(.toNearestOrEven)
        return Float(steps * Double(quantum))
    }

    /// To f16, nearest even, for magnitudes that f16 holds.
    static func float16(_ value: Float) -> Float {
        guard value.isFinite, value != 0 else { return value }
        let exponent = max(value.exponent, -14)
        let quantum = Float(sign: .plus, exponent: exponent - 10, significand: 1)
        let steps = (Double(value) / Double(quantum)).rounded(.toNearestOrEven)
        return Float(steps * Double(quantum))
    }

    /// To int8 and its scale, nearest even: the numbers, and what they are multiplied with.
    static func quantized(_ values: some Collection<Float>) -> (numbers: [Int8], scale: Float) {
        let largest = values.lazy.map(\.magnitude).max() ?? 0
        guard largest > 0 else { return (values.map { _ in 0 }, 0) }
        let inverse = 127 / largest
        return (
            values.map { Int8(($0 * inverse).rounded(.toNearestOrEven)) }, largest / 127
        )
    }

    static func round(_ value: Float, to dtype: DType) -> Float {
        switch dtype {
        case .float32: value
        case .bfloat16: bfloat16(value)
        case .float16: float16(value)
        case .int8: preconditionFailure("int8 is a share of the largest magnitude: see quantized")
        }
    }
}
