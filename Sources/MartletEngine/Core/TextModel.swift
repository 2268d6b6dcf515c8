package import MartletTokenizer

/// What the engine core needs to know of a model beside how to run it.
package struct TextModel: Sendable {
    package let tokenizer: Tokenizer
    /// The tokens that end a sequence without a stop reason.
    package let endOfSequenceIDs: [Int32]
    /// Further tokens that the checkpoint ends sequences with; they are reported as stop tokens.
    package let furtherStopTokenIDs: [Int32]
    /// Size of the logits: every token id is below it.
    package let vocabularySize: Int
    /// The most tokens of prompt and output together.
    package let maximumModelLength: Int

    package init(
        tokenizer: Tokenizer, endOfSequenceIDs: [Int32], furtherStopTokenIDs: [Int32] = [],
        vocabularySize: Int, maximumModelLength: Int
    ) {
        self.tokenizer = tokenizer
        self.endOfSequenceIDs = endOfSequenceIDs
        self.furtherStopTokenIDs = furtherStopTokenIDs
        self.vocabularySize = vocabularySize
        self.maximumModelLength = maximumModelLength
    }
}
