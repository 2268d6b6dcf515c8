/// A change made to the text before it is cut up.
enum Normalizer: Sendable {
    case unicode(UnicodeForm)
    case lowercase
    /// Put in front of text that is not empty.
    case prepend([UInt8])
    case replace(Pattern, with: [UInt8])
    case strip(left: Bool, right: Bool)
    case stripAccents
    /// Every byte as the character that stands for it.
    case byteAlphabet
    case sequence([Normalizer])

    /// The normalized form of valid UTF-8, which is valid UTF-8 too.
    func normalize(_ text: [UInt8]) -> [UInt8] {
        switch self {
        case .unicode(let form): return form.normalize(text)
        case .lowercase: return lowercase(text)
        case .prepend(let prefix): return text.isEmpty ? text : prefix + text
        case .replace(let pattern, let content): return pattern.replacing(text, with: content)
        case .strip(let left, let right): return strip(text, left, right)
        case .stripAccents: return filter(text) { !isMark($0) }
        case .byteAlphabet:
            var result: [UInt8] = []
            text.withUnsafeBufferPointer { ByteAlphabet.append($0, to: &result) }
            return result
        case .sequence(let members): return members.reduce(text) { $1.normalize($0) }
        }
    }

    private func lowercase(_ text: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        text.withUnsafeBufferPointer { text in
            var position = 0
            while position < text.count {
                let (value, length) = text.scalar(at: position)
                if value < 0x80 {
                    let isUpper = (0x41...0x5A).contains(value)
                    result.append(UInt8(isUpper ? value | 0x20 : value))
                } else if let scalar = Unicode.Scalar(value) {
                    result.append(contentsOf: scalar.properties.lowercaseMapping.utf8)
                }
                position += length
            }
        }
        return result
    }

    private func isMark(_ value: UInt32) -> Bool {
        guard ScalarSet.mark.contains(value), let scalar = Unicode.Scalar(value) else {
            return false
        }
        return UnicodeDecompositions.covers(scalar)
    }

    private func filter(_ text: [UInt8], _ keeps: (UInt32) -> Bool) -> [UInt8] {
        guard text.contains(where: { $0 >= 0x80 }) else { return text }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        text.withUnsafeBufferPointer { text in
            var position = 0
            while position < text.count {
                let (value, length) = text.scalar(at: position)
                if keeps(value) { result.append(contentsOf: text[position..<(position + length)]) }
                position += length
            }
        }
        return result
    }

    private func strip(_ text: [UInt8], _ left: Bool, _ right: Bool) -> [UInt8] {
        text.withUnsafeBufferPointer { text in
            var start = 0
            var end = text.count
            while left, start < end {
                let (value, length) = text.scalar(at: start)
                guard ScalarSet.whitespace.contains(value) else { break }
                start += length
            }
            while right, end > start {
                let (value, length) = text.scalar(before: end)
                guard ScalarSet.whitespace.contains(value) else { break }
                end -= length
            }
            return Array(text[start..<end])
        }
    }
}

extension Pattern {
    /// The text with every match replaced.
    func replacing(_ text: [UInt8], with content: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var scratch = PatternScratch()
        text.withUnsafeBufferPointer { text in
            guard !text.isEmpty else { return }
            var end = 0
            forEachMatch(in: text, scratch: &scratch) { match in
                result.append(contentsOf: text[end..<match.lowerBound])
                result.append(contentsOf: content)
                end = match.upperBound
            }
            result.append(contentsOf: text[end...])
        }
        return result
    }
}
