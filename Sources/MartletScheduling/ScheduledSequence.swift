/// One sequence's part of a step: some tokens to compute and where their keys and values go.
package struct ScheduledSequence: Sendable {
    package let id: SequenceID
    /// The tokens to compute, at least one.
    package let tokens: ScheduledTokens
    /// The absolute position of `tokens[0]`; everything before it is already in the cache.
    package let startPosition: Int
    /// Position `p` lives in block `blockTable[p / blockSize]` at offset `p % blockSize`. Covers
    /// the positions `0 ..< startPosition + tokens.count` and no block more.
    package let blockTable: [Int32]
    /// Whether the last row is that of the last known token, so that it yields the next one.
    package let samples: Bool
    /// Whether the logits of every row are wanted: the row at position `p` gives the logprob of
    /// the prompt token at `p + 1`. After a preemption the rows of the prompt come once more.
    package let wantsPromptLogprobs: Bool
    /// Prompt tokens that were taken from the prefix cache when the sequence was first admitted.
    package let cachedTokenCount: Int

    package init(
        id: SequenceID, tokens: some Collection<Int32>, startPosition: Int, blockTable: [Int32],
        samples: Bool, wantsPromptLogprobs: Bool = false, cachedTokenCount: Int = 0
    ) {
        self.id = id
        self.tokens = ScheduledTokens(tokens)
        self.startPosition = startPosition
        self.blockTable = blockTable
        self.samples = samples
        self.wantsPromptLogprobs = wantsPromptLogprobs
        self.cachedTokenCount = cachedTokenCount
    }
}
