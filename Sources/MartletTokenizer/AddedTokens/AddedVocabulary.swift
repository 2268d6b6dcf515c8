/// The added tokens of a tokenizer: their ids, and how to find them in a text.
struct AddedVocabulary: Sendable {
    /// Content longer than this is refused, which bounds the work per character of text.
    static let maximumContentLength = 512

    /// A part of a text: a token, or text that is still to be encoded.
    enum Segment {
        case token(Int32)
        case text(Range<Int>)
    }

    private(set) var tokens: [Int32: AddedToken] = [:]
    private var ids: [[UInt8]: Int32] = [:]
    /// What the normalizer makes of the tokens looked for in normalized text, where it differs.
    private var normalizedContents: [Int32: [UInt8]] = [:]
    private var specialContents: Set<[UInt8]> = []
    private var rawTrie = TokenTrie()
    private var normalizedTrie = TokenTrie()

    /// Adds tokens in order. A token that the vocabulary holds keeps that id; others get the next
    /// ids after the vocabulary.
    ///
    /// - Source: `AddedVocabulary::add_tokens` of `tokenizers` 0.23.
    init(_ added: [AddedToken], vocabulary: Vocabulary, normalizer: Normalizer?) {
        var nextID = Int32(vocabulary.count)
        for token in added where !token.content.isEmpty {
            let content = Array(token.content.utf8)
            let known = ids[content] ?? vocabulary.id(of: content)
            let id = known ?? nextID
            if known == nil { nextID += 1 }
            if token.isNormalized, let normalized = normalizer?.normalize(content),
                normalized != content
            {
                normalizedContents[id] = normalized
            }
            ids[content] = id
            if token.isSpecial { specialContents.insert(content) }
            tokens[id] = token
        }
        for (id, token) in tokens.sorted(by: { $0.key < $1.key }) {
            if token.isNormalized {
                normalizedTrie.insert(decodedContent(of: id) ?? [], value: id)
            } else {
                rawTrie.insert(Array(token.content.utf8), value: id)
            }
        }
    }

    func id(of content: [UInt8]) -> Int32? {
        ids[content]
    }

    /// What decoding starts from: the normalized content where there is one.
    func decodedContent(of id: Int32) -> [UInt8]? {
        normalizedContents[id] ?? tokens[id].map { Array($0.content.utf8) }
    }

    func isSpecial(_ id: Int32) -> Bool {
        guard let content = decodedContent(of: id) else { return false }
        return specialContents.contains(content)
    }

    /// Whether tokens are looked for in the normalized, or the raw, text at all.
    func hasTokens(normalized: Bool) -> Bool {
        !(normalized ? normalizedTrie : rawTrie).isEmpty
    }

    /// Cuts a text at the added tokens in it.
    ///
    /// - Parameter normalized: whether `text` is normalized, so that the tokens for such text are
    ///   looked for.
    func segments(of text: UnsafeBufferPointer<UInt8>, normalized: Bool) -> [Segment] {
        let trie = normalized ? normalizedTrie : rawTrie
        var segments: [Segment] = []
        var textStart = 0
        var position = 0
        while let match = trie.firstMatch(in: text, from: position) {
            position = match.range.upperBound
            guard let token = tokens[match.value],
                !token.isSingleWord || isSeparate(match.range, in: text)
            else { continue }
            var start = match.range.lowerBound
            var end = match.range.upperBound
            if token.stripsLeft { start = max(leftSpace(in: text, before: start), textStart) }
            if token.stripsRight { end = rightSpace(in: text, from: end) }
            if textStart < start { segments.append(.text(textStart..<start)) }
            segments.append(.token(match.value))
            textStart = end
        }
        if textStart < text.count { segments.append(.text(textStart..<text.count)) }
        return segments
    }

    private func isSeparate(_ range: Range<Int>, in text: UnsafeBufferPointer<UInt8>) -> Bool {
        if range.lowerBound > 0,
            ScalarSet.wordWithJoiners.contains(text.scalar(before: range.lowerBound).value)
        {
            return false
        }
        return range.upperBound == text.count
            || !ScalarSet.wordWithJoiners.contains(text.scalar(at: range.upperBound).value)
    }

    private func leftSpace(in text: UnsafeBufferPointer<UInt8>, before end: Int) -> Int {
        var position = end
        while position > 0 {
            let (value, length) = text.scalar(before: position)
            guard ScalarSet.whitespace.contains(value) else { break }
            position -= length
        }
        return position
    }

    private func rightSpace(in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count {
            let (value, length) = text.scalar(at: position)
            guard ScalarSet.whitespace.contains(value) else { break }
            position += length
        }
        return position
    }
}
