import MartletScheduling

/// What stands before the keys and values in a block file.
///
/// All numbers are little-endian: magic (8 bytes), version (4), token count (4), fingerprint hash,
/// key, parent's key (16 each), payload length (8), the token ids (4 each), and a checksum (16) of
/// all these bytes and of the payload, which follows and ends the file.
struct BlockFileHeader: Hashable {
    static let magic: [UInt8] = Array("MRTLKVB\u{1}".utf8)
    static let version: UInt32 = 1

    var fingerprint: PrefixKey
    var key: PrefixKey
    /// The key of the block before, or of the prompt's scope.
    var parent: PrefixKey
    var tokens: [Int32]
    var payloadByteCount: Int

    /// The header's size in a file whose blocks have `tokenCount` tokens.
    static func byteCount(tokenCount: Int) -> Int { 88 + 4 * tokenCount }

    /// The bytes of the header in the file of `payload`.
    func encoded(payload: UnsafeRawBufferPointer) -> [UInt8] {
        var bytes = fields
        LittleEndian.append(Self.checksum(fields: bytes, payload: payload), to: &bytes)
        return bytes
    }

    /// Whether `bytes` and `payload` are, to the last bit, a file of this header.
    func matches(_ bytes: [UInt8], payload: UnsafeRawBufferPointer) -> Bool {
        let fields = fields
        guard bytes.starts(with: fields), payload.count == payloadByteCount else { return false }
        return bytes == encoded(payload: payload)
    }

    private var fields: [UInt8] {
        var bytes = Self.magic
        LittleEndian.append(Self.version, to: &bytes)
        LittleEndian.append(UInt32(tokens.count), to: &bytes)
        for hash in [fingerprint, key, parent] { LittleEndian.append(hash, to: &bytes) }
        LittleEndian.append(UInt64(payloadByteCount), to: &bytes)
        for token in tokens { LittleEndian.append(token, to: &bytes) }
        return bytes
    }

    private static func checksum(fields: [UInt8], payload: UnsafeRawBufferPointer) -> PrefixKey {
        var checksum = BlockChecksum()
        fields.withUnsafeBytes { checksum.combine($0) }
        checksum.combine(payload)
        return checksum.finalize()
    }
}
