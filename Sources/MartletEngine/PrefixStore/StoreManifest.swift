import MartletScheduling

/// The secret of a store's directory: the keys of the hash that names its blocks. They are drawn
/// once, so that nobody who sends prompts can aim at a collision.
struct StoreManifest: Hashable {
    static let fileName = "manifest"
    static let byteCount = 40
    private static let magic: [UInt8] = Array("MRTLPFX\u{1}".utf8)

    let key0: UInt64
    let key1: UInt64

    static func random() -> StoreManifest {
        StoreManifest(key0: .random(in: .min ... .max), key1: .random(in: .min ... .max))
    }

    init(key0: UInt64, key1: UInt64) {
        self.key0 = key0
        self.key1 = key1
    }

    /// Nil for all but an undamaged manifest.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        self.init(
            key0: LittleEndian.word(bytes, at: 8), key1: LittleEndian.word(bytes, at: 16))
        guard bytes == encoded else { return nil }
    }

    /// Magic, both keys, and a checksum of them.
    var encoded: [UInt8] {
        var bytes = Self.magic
        LittleEndian.append(key0, to: &bytes)
        LittleEndian.append(key1, to: &bytes)
        var checksum = BlockChecksum()
        bytes.withUnsafeBytes { checksum.combine($0) }
        LittleEndian.append(checksum.finalize(), to: &bytes)
        return bytes
    }

    var hasher: PrefixHasher { PrefixHasher(key0: key0, key1: key1) }

    /// The name of a model's folder. It depends on the keys too, so files made under other keys
    /// are never looked for; being never used, they are the first to go.
    func folder(of fingerprint: String) -> PrefixKey {
        hasher.key(of: PrefixScope(cacheSalt: fingerprint))
    }
}
