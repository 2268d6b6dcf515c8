/// A set of tokens as bits: bit `id % 32` of word `id / 32`.
///
/// It carries `allowed_token_ids`, and is how a grammar says what may come next.
package struct TokenBitmask: Hashable, Sendable {
    /// One bit for every token of the vocabulary; bits past its end have no meaning.
    package private(set) var words: [UInt32]

    /// A set without tokens, for a vocabulary of `vocabularySize`.
    package init(vocabularySize: Int) {
        words = Array(repeating: 0, count: (vocabularySize + 31) / 32)
    }

    /// Adds `token`; one outside the vocabulary is ignored.
    package mutating func insert(_ token: Int32) {
        guard token >= 0, Int(token) / 32 < words.count else { return }
        words[Int(token) / 32] |= 1 << UInt32(token % 32)
    }

    /// Whether `token` is in the set.
    package func contains(_ token: Int32) -> Bool {
        guard token >= 0, Int(token) / 32 < words.count else { return false }
        return words[Int(token) / 32] >> UInt32(token % 32) & 1 == 1
    }
}
