package import MartletTokenizer

/// What the engine core needs to know of a model beside how to run it.
package struct TextModel: Sendable {
    package let tokenizer: Tokenizer
    package let endOfSequenceIDs: [Int32]
    /// Size of the logits: every token id is below it.
    package let vocabularySize: Int
    /// The most tokens of prompt and output together.
    package let maximumModelLength: Int

    package init(
        tokenizer: Tokenizer, endOfSequenceIDs: [Int32], vocabularySize: Int,
        maximumModelLength: Int
    ) {
        self.tokenizer = tokenizer
        self.endOfSequenceIDs = endOfSequenceIDs
        self.vocabularySize = vocabularySize
        self.maximumModelLength = maximumModelLength
    }
}
