/// The arithmetic of precomposed Korean syllables.
///
/// - Source: The Unicode Standard, chapter 3.12.
struct HangulSyllable {
    private static let base: UInt32 = 0xAC00
    private static let leadBase: UInt32 = 0x1100
    private static let vowelBase: UInt32 = 0x1161
    private static let tailBase: UInt32 = 0x11A7
    private static let leadCount: UInt32 = 19
    private static let vowelCount: UInt32 = 21
    private static let tailCount: UInt32 = 28

    private let index: UInt32

    init?(_ value: UInt32) {
        guard value >= Self.base,
            value < Self.base + Self.leadCount * Self.vowelCount * Self.tailCount
        else { return nil }
        index = value - Self.base
    }

    var jamo: [UInt32] {
        let pair = Self.vowelCount * Self.tailCount
        let lead = Self.leadBase + index / pair
        let vowel = Self.vowelBase + index % pair / Self.tailCount
        let tail = index % Self.tailCount
        return tail == 0 ? [lead, vowel] : [lead, vowel, Self.tailBase + tail]
    }

    /// The syllable of a consonant and a vowel, or of a syllable and a final consonant.
    static func compose(_ first: UInt32, _ second: UInt32) -> UInt32? {
        if (leadBase..<(leadBase + leadCount)).contains(first),
            (vowelBase..<(vowelBase + vowelCount)).contains(second)
        {
            return base
                + ((first - leadBase) * vowelCount + second - vowelBase) * tailCount
        }
        if let syllable = HangulSyllable(first), syllable.index % tailCount == 0,
            (tailBase + 1..<(tailBase + tailCount)).contains(second)
        {
            return first + second - tailBase
        }
        return nil
    }
}
