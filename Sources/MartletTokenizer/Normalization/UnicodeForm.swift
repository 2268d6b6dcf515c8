/// The normalization forms of Unicode.
///
/// - Source: Unicode Standard Annex 15; Hangul as in chapter 3.12 of the standard.
enum UnicodeForm: Sendable {
    case nfc, nfd, nfkc, nfkd

    private var isComposed: Bool { self == .nfc || self == .nfkc }
    private var isCompatible: Bool { self == .nfkc || self == .nfkd }

    /// The normalized form of valid UTF-8.
    ///
    /// - Complexity: O(n log n) for text that is one long run of combining marks, else O(n).
    func normalize(_ text: [UInt8]) -> [UInt8] {
        guard !text.withUnsafeBufferPointer(isCertainlyNormalized) else { return text }
        var scalars: [UInt32] = []
        scalars.reserveCapacity(text.count)
        text.withUnsafeBufferPointer { text in
            var position = 0
            while position < text.count {
                let (value, length) = text.scalar(at: position)
                append(decompositionOf: value, to: &scalars)
                position += length
            }
        }
        order(&scalars)
        if isComposed { compose(&scalars) }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        for case let scalar? in scalars.lazy.map({ Unicode.Scalar($0) }) {
            result.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        }
        return result
    }

    /// Whether no scalar of the text can change under the form.
    private func isCertainlyNormalized(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        // Below U+0300 (lead byte 0xCC) nothing changes under NFC.
        let firstLead: UInt8 = self == .nfc ? 0xCC : 0x80
        guard text.contains(where: { $0 >= firstLead }) else { return true }
        let changing = UnicodeDecompositions.shared.changing(isComposed, isCompatible)
        var position = 0
        while position < text.count {
            let (value, length) = text.scalar(at: position)
            if changing.contains(value) { return false }
            position += length
        }
        return true
    }

    private func append(decompositionOf value: UInt32, to scalars: inout [UInt32]) {
        if value < 0x80 { return scalars.append(value) }
        if let syllable = HangulSyllable(value) { return scalars += syllable.jamo }
        let tables = UnicodeDecompositions.shared
        guard let mapping = tables.mapping(of: value, isCompatible) else {
            return scalars.append(value)
        }
        for part in mapping { append(decompositionOf: part, to: &scalars) }
    }

    /// Sorts each run of combining marks by combining class, keeping equals in order.
    private func order(_ scalars: inout [UInt32]) {
        var index = 0
        while index < scalars.count {
            var end = index
            while end < scalars.count, combiningClass(scalars[end]) != 0 { end += 1 }
            if end > index + 1 {
                let sorted = scalars[index..<end].enumerated().map {
                    UInt64(combiningClass($0.element)) << 56 | UInt64($0.offset) << 24
                        | UInt64($0.element)
                }.sorted()
                for (offset, key) in sorted.enumerated() {
                    scalars[index + offset] = UInt32(key & 0xFF_FFFF)
                }
            }
            index = max(end, index + 1)
        }
    }

    private func combiningClass(_ value: UInt32) -> UInt8 {
        guard value >= 0x300, let scalar = Unicode.Scalar(value) else { return 0 }
        let combiningClass = scalar.properties.canonicalCombiningClass.rawValue
        return combiningClass == 0 || UnicodeDecompositions.covers(scalar) ? combiningClass : 0
    }

    private func compose(_ scalars: inout [UInt32]) {
        let tables = UnicodeDecompositions.shared
        var length = 0
        var starter = -1
        var lastClass: UInt8 = 0
        for value in scalars {
            let combiningClass = combiningClass(value)
            // Blocked from the starter by a mark of the same or a higher class, or by a starter.
            let isBlocked =
                length > starter + 1 && (lastClass == 0 || lastClass >= combiningClass)
            if starter >= 0, !isBlocked,
                let composed = HangulSyllable.compose(scalars[starter], value)
                    ?? tables.composition(of: scalars[starter], value)
            {
                scalars[starter] = composed
                continue
            }
            if combiningClass == 0 { starter = length }
            lastClass = combiningClass
            scalars[length] = value
            length += 1
        }
        scalars.removeLast(scalars.count - length)
    }
}
