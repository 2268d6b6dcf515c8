/// A set of scalars of the first three planes as one bit each, for tests per character.
struct ScalarBitmap: Sendable {
    private static let limit: UInt32 = 0x30000

    private var words = [UInt64](repeating: 0, count: Int(limit) / 64)

    init() {}

    init(_ members: some Sequence<UInt32>) {
        for member in members { insert(member) }
    }

    mutating func insert(_ value: UInt32) {
        guard value < Self.limit else { return }
        words[Int(value >> 6)] |= 1 << UInt64(value & 63)
    }

    @inline(__always)
    func contains(_ value: UInt32) -> Bool {
        value < Self.limit && words[Int(value >> 6)] >> UInt64(value & 63) & 1 != 0
    }

    func union(_ other: ScalarBitmap) -> ScalarBitmap {
        var result = self
        for index in words.indices { result.words[index] |= other.words[index] }
        return result
    }
}
