/// Makes the keys by which the prefix cache finds blocks.
package struct PrefixHasher: Sendable {
    private let key0: UInt64
    private let key1: UInt64
    private let significantBitCount: Int

    /// - Parameter significantBitCount: How many bits of a key may differ from zero, at most 64 or
    ///   all 128. Fewer make collisions likely, to show that they do no harm.
    package init(key0: UInt64, key1: UInt64, significantBitCount: Int = 128) {
        precondition((0...128).contains(significantBitCount), "a key has 128 bits")
        self.key0 = key0
        self.key1 = key1
        self.significantBitCount = significantBitCount
    }

    /// A hasher that no other process shares.
    package static func randomlySeeded() -> PrefixHasher {
        PrefixHasher(key0: .random(in: .min ... .max), key1: .random(in: .min ... .max))
    }

    /// The key of a block that holds `tokens[range]` and follows the block, or scope, of `parent`.
    package func key(
        of tokens: [Int32], in range: Range<Int>, following parent: PrefixKey
    ) -> PrefixKey {
        var hash = SipHash128(key0: key0, key1: key1)
        hash.combine(parent.low)
        hash.combine(parent.high)
        var position = range.lowerBound
        while position + 1 < range.upperBound {
            hash.combine(Self.word(tokens[position]) | Self.word(tokens[position + 1]) << 32)
            position += 2
        }
        if position < range.upperBound {
            hash.combine(Self.word(tokens[position]))
        }
        return clipped(hash.finalize())
    }

    /// The key that stands for the parent of a sequence's first block.
    package func key(of scope: PrefixScope) -> PrefixKey {
        guard let salt = scope.cacheSalt else { return PrefixKey(low: 0, high: 0) }
        var hash = SipHash128(key0: key0, key1: key1)
        var word: UInt64 = 0
        var byteCount = 0
        for byte in salt.utf8 {
            word |= UInt64(byte) << UInt64(byteCount % 8 * 8)
            byteCount += 1
            if byteCount % 8 == 0 {
                hash.combine(word)
                word = 0
            }
        }
        hash.combine(word)
        hash.combine(UInt64(byteCount))
        return clipped(hash.finalize())
    }

    private static func word(_ token: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: token))
    }

    private func clipped(_ key: PrefixKey) -> PrefixKey {
        if significantBitCount == 128 { return key }
        let mask: UInt64 = significantBitCount >= 64 ? .max : 1 << UInt64(significantBitCount) - 1
        return PrefixKey(low: key.low & mask, high: 0)
    }
}
