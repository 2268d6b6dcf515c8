package import MartletScheduling

/// A 128-bit checksum of a block file's bytes, fast enough to be lost in the cost of reading them.
///
/// Eight lanes each take every eighth word by an exclusive or, a rotation, an odd multiplication and
/// a shift that brings the high bits down. Each step can be undone, so one changed word of a lane
/// always changes the lane; SipHash then mixes the lanes and the length. It finds damage, not
/// forgery.
package struct BlockChecksum {
    private var lanes = SIMD8<UInt64>(
        0x9e37_79b9_7f4a_7c15, 0x3c6e_f372_fe94_f82a, 0xdaa6_6d2c_7ddf_743f,
        0x78dd_e6e5_fd29_f054, 0x1715_609f_7c74_6c69, 0xb54c_da58_fbbe_e87e,
        0x5384_5412_7b09_6493, 0xf1bb_cdcb_fa53_e0a8)
    private var byteCount: UInt64 = 0

    private static let multiplier = SIMD8<UInt64>(repeating: 0xd6e8_feb8_6659_fd93)
    private static let stripeByteCount = 64

    package init() {}

    /// Takes in `bytes`. Pieces count as if each were padded with zeros to whole stripes of 64
    /// bytes, so a writer and a reader must cut the data alike.
    package mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        guard let base = bytes.baseAddress else { return }
        var lanes = lanes
        var position = 0
        while position + Self.stripeByteCount <= bytes.count {
            let stripe = (base + position).loadUnaligned(as: SIMD8<UInt64>.self)
            Self.combine(stripe, into: &lanes)
            position += Self.stripeByteCount
        }
        if position < bytes.count {
            var rest = SIMD8<UInt64>.zero
            withUnsafeMutableBytes(of: &rest) {
                $0.copyMemory(from: .init(rebasing: bytes[position...]))
            }
            Self.combine(rest, into: &lanes)
        }
        self.lanes = lanes
        byteCount &+= UInt64(bytes.count)
    }

    /// The checksum of all that was taken in.
    package consuming func finalize() -> PrefixKey {
        var hash = SipHash128(key0: 0, key1: byteCount)
        for lane in 0..<8 { hash.combine(lanes[lane]) }
        return hash.finalize()
    }

    @inline(__always)
    private static func combine(_ stripe: SIMD8<UInt64>, into lanes: inout SIMD8<UInt64>) {
        let mixed = lanes ^ stripe
        let product = ((mixed &<< 29) | (mixed &>> 35)) &* multiplier
        lanes = product ^ (product &>> 32)
    }
}
