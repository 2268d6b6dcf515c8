/// Reading scalars from valid UTF-8.
extension UnsafeBufferPointer where Element == UInt8 {
    /// The scalar that begins at `position`, which must be inside, and its length in bytes.
    @inline(__always)
    func scalar(at position: Int) -> (value: UInt32, length: Int) {
        let lead = UInt32(self[position])
        if lead < 0x80 { return (lead, 1) }
        let second = UInt32(self[position + 1] & 0x3F)
        if lead < 0xE0 { return ((lead & 0x1F) << 6 | second, 2) }
        let third = UInt32(self[position + 2] & 0x3F)
        if lead < 0xF0 { return ((lead & 0x0F) << 12 | second << 6 | third, 3) }
        let fourth = UInt32(self[position + 3] & 0x3F)
        return ((lead & 0x07) << 18 | second << 12 | third << 6 | fourth, 4)
    }

    /// The scalar that ends at `position`, which must not be the start, and its length in bytes.
    func scalar(before position: Int) -> (value: UInt32, length: Int) {
        var start = position - 1
        while start > 0, self[start] & 0xC0 == 0x80 { start -= 1 }
        return scalar(at: start)
    }
}

extension ScalarSet {
    /// `\w` of Unicode Technical Standard 18, which has the joiners besides Oniguruma's `\w`.
    static let wordWithJoiners = ScalarSet.unicodeWord.union(ScalarSet([0x200C...0x200D]))
}
