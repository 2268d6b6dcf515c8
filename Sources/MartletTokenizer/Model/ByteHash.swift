/// Hashing of short byte strings and pairs of ids, seeded per process so that nobody can prepare
/// inputs that collide.
enum ByteHash {
    static let seed = UInt64.random(in: .min ... .max)

    @inline(__always)
    static func mix(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let product = first.multipliedFullWidth(by: second)
        return product.high ^ product.low
    }

    /// - Source: the construction of wyhash: multiply to 128 bits and fold.
    @inline(__always)
    static func hash(_ bytes: UnsafeBufferPointer<UInt8>, seed: UInt64) -> UInt64 {
        var state = seed ^ UInt64(bytes.count) &* 0x9E37_79B9_7F4A_7C15
        var index = 0
        while index + 8 <= bytes.count {
            let word = UnsafeRawPointer(bytes.baseAddress! + index)
                .loadUnaligned(as: UInt64.self)
            state = mix(state ^ word, 0xA076_1D64_78BD_642F)
            index += 8
        }
        var tail: UInt64 = 0
        while index < bytes.count {
            tail = tail << 8 | UInt64(bytes[index])
            index += 1
        }
        return mix(state ^ tail, 0xE703_7ED1_A0B4_28DB)
    }

    @inline(__always)
    static func areEqual(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, count: Int
    ) -> Bool {
        var index = 0
        while index + 8 <= count {
            let left = UnsafeRawPointer(first + index).loadUnaligned(as: UInt64.self)
            let right = UnsafeRawPointer(second + index).loadUnaligned(as: UInt64.self)
            if left != right { return false }
            index += 8
        }
        while index < count {
            if first[index] != second[index] { return false }
            index += 1
        }
        return true
    }
}
