import MartletScheduling

/// Numbers as they stand in files.
enum LittleEndian {
    static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
    }

    static func append(_ key: PrefixKey, to bytes: inout [UInt8]) {
        append(key.low, to: &bytes)
        append(key.high, to: &bytes)
    }

    /// The 64-bit number at `offset`, which must lie within `bytes`.
    static func word(_ bytes: [UInt8], at offset: Int) -> UInt64 {
        bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
