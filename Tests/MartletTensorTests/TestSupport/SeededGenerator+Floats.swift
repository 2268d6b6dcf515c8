import MartletTestSupport

extension SeededGenerator {
    /// Uniform in -1..<1.
    mutating func signed() -> Float {
        Float(Int32(truncatingIfNeeded: next() >> 40) - (1 << 23)) / Float(1 << 23)
    }

    mutating func floats(_ count: Int, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in signed() * scale }
    }
}
