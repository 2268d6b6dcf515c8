/// A counter-based random generator: the draw at a position is a function of key and position, so
/// nothing has to be remembered, and order, batch and thread make no difference.
///
/// - Source: Philox4x32-10; Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as
///   1, 2, 3", SC 2011.
package struct PhiloxGenerator: Hashable, Sendable {
    private let key: UInt64
    private let stream: UInt32

    /// The generator of `key`; streams of one key are independent of each other.
    package init(key: UInt64, stream: UInt32 = 0) {
        self.key = key
        self.stream = stream
    }

    /// A number in [0, 1), a multiple of 2^-53.
    package func uniform(at position: Int) -> Double {
        let low = UInt32(truncatingIfNeeded: position)
        let high = UInt32(truncatingIfNeeded: position >> 32)
        let words = Self.block(counter: SIMD4(low, high, stream, 0), key: key)
        let bits = UInt64(words[1]) << 32 | UInt64(words[0])
        return Double(bits >> 11) * 0x1p-53
    }

    /// The ten rounds: 128 random bits for a 128-bit counter and a 64-bit key.
    package static func block(counter: SIMD4<UInt32>, key: UInt64) -> SIMD4<UInt32> {
        var words = counter
        var key0 = UInt32(truncatingIfNeeded: key)
        var key1 = UInt32(truncatingIfNeeded: key >> 32)
        for _ in 0..<10 {
            let first = UInt64(0xD251_1F53) * UInt64(words[0])
            let second = UInt64(0xCD9E_8D57) * UInt64(words[2])
            words = SIMD4(
                UInt32(second >> 32) ^ words[1] ^ key0, UInt32(truncatingIfNeeded: second),
                UInt32(first >> 32) ^ words[3] ^ key1, UInt32(truncatingIfNeeded: first))
            key0 &+= 0x9E37_79B9
            key1 &+= 0xBB67_AE85
        }
        return words
    }
}
