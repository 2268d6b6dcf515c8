import MartletTensor

extension StoredTensor {
    /// The tensor's elements as fp32, exactly.
    ///
    /// - Throws: ``WeightsError/unsupportedDType(file:tensor:dtype:)`` for all but F32, F16, BF16.
    package func floats() throws(WeightsError) -> [Float] {
        let dtype = try weightDType()
        return withBytes { widened($0, dtype) }
    }
}

/// Elements of `dtype`, without alignment, as fp32.
private func widened(_ bytes: UnsafeRawBufferPointer, _ dtype: DType) -> [Float] {
    (0..<bytes.count / dtype.byteCount).map { index in
        switch dtype {
        case .float32:
            bytes.loadUnaligned(fromByteOffset: index * 4, as: Float.self)
        case .bfloat16:
            Float(
                bitPattern: UInt32(
                    bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self)) << 16)
        case .float16:
            widenedHalf(bytes.loadUnaligned(fromByteOffset: index * 2, as: UInt16.self))
        case .int8:
            Float(bytes.load(fromByteOffset: index, as: Int8.self))
        }
    }
}

/// IEEE half precision to single, exactly; `Float16` does not exist on every platform.
private func widenedHalf(_ bits: UInt16) -> Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10 & 0x1F)
    let fraction = UInt32(bits & 0x3FF)
    switch exponent {
    case 0:
        let magnitude = Float(fraction) * 0x1p-24
        return sign == 0 ? magnitude : -magnitude
    case 0x1F:
        return Float(bitPattern: sign | 0x7F80_0000 | fraction << 13)
    default:
        return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
}
