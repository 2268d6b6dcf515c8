/// One member of a tokenizer's decoder: what it does to the list of pieces.
enum DecoderStep: Sendable {
    /// Pieces in the byte alphabet become the text that their bytes spell, all together.
    case byteLevel
    /// `<0xE4>` becomes a byte; a run of them the text that it spells, or U+FFFD for each.
    case byteFallback
    /// All pieces become one.
    case fuse
    case replace(Pattern, with: [UInt8])
    /// Takes up to so many of a character off the ends of each piece.
    case strip(Unicode.Scalar, start: Int, stop: Int)
    /// The replacement becomes a space, or nothing in the first piece.
    case metaspace(Unicode.Scalar, dropsInFirst: Bool)
    /// Pieces are joined by spaces, which is what having no decoder means.
    case joinWithSpaces
}

extension DecoderStep {
    /// What a step makes of one piece, for the steps that look at nothing else.
    func apply(to piece: [UInt8], isFirst: Bool) -> [UInt8] {
        switch self {
        case .replace(let pattern, let content): pattern.replacing(piece, with: content)
        case .strip(let scalar, let start, let stop):
            Self.strip(piece, Array(String(scalar).utf8), start, stop)
        case .metaspace(let scalar, let dropsInFirst):
            Self.replaceMark(
                in: piece, Array(String(scalar).utf8), with: isFirst && dropsInFirst ? [] : [0x20])
        case .byteLevel, .byteFallback, .fuse, .joinWithSpaces: piece
        }
    }

    private static func strip(
        _ piece: [UInt8], _ content: [UInt8], _ start: Int, _ stop: Int
    ) -> [UInt8] {
        var rest = piece[...]
        var count = 0
        while count < start, rest.starts(with: content) {
            rest = rest.dropFirst(content.count)
            count += 1
        }
        count = 0
        while count < stop, rest.count >= content.count,
            rest.suffix(content.count).elementsEqual(content)
        {
            rest = rest.dropLast(content.count)
            count += 1
        }
        return Array(rest)
    }

    private static func replaceMark(
        in piece: [UInt8], _ mark: [UInt8], with replacement: [UInt8]
    ) -> [UInt8] {
        var result: [UInt8] = []
        var rest = piece[...]
        while let byte = rest.first {
            if rest.starts(with: mark) {
                result += replacement
                rest = rest.dropFirst(mark.count)
            } else {
                result.append(byte)
                rest = rest.dropFirst()
            }
        }
        return result
    }

    /// The byte that `<0xE4>` names.
    static func fallbackByte(_ piece: [UInt8]) -> UInt8? {
        guard piece.count == 6, piece.starts(with: [0x3C, 0x30, 0x78]), piece[5] == 0x3E
        else { return nil }
        return UInt8(String(decoding: piece[3...4], as: UTF8.self), radix: 16)
    }
}
