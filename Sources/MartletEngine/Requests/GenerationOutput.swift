public import MartletSampling

/// A piece of a request's output: all that one completion gained since the piece before.
///
/// A reader that is slower than the engine gets fewer and larger pieces, never lost ones.
public struct GenerationOutput: Hashable, Sendable {
    /// Which of the request's `n` completions this belongs to, from 0.
    public var index: Int
    /// The new text. Incomplete characters and beginnings of stop strings are held back, so this
    /// may be empty while `tokenIDs` is not, and the other way round.
    public var text = ""
    /// The new tokens, including the one that ends the output.
    public var tokenIDs: [Int32] = []
    /// One report for each new token, where the request asks for them.
    public var logprobs: [TokenLogprobs] = []
    /// Reports for the prompt's tokens from its second on, where the request asks for them;
    /// complete in the first piece of completion 0.
    public var promptLogprobs: [TokenLogprobs] = []
    /// How many of the prompt's tokens came from the prefix cache.
    public var cachedTokenCount = 0
    /// Set in the last piece of a completion.
    public var finishReason: FinishReason?
    /// What stopped the completion, beside its end-of-sequence token.
    public var stopReason: StopReason?

    /// An empty piece of completion `index`.
    public init(index: Int) {
        self.index = index
    }

    /// Appends the piece that follows this one.
    package mutating func merge(_ next: GenerationOutput) {
        text += next.text
        tokenIDs += next.tokenIDs
        logprobs += next.logprobs
        promptLogprobs += next.promptLogprobs
        cachedTokenCount = max(cachedTokenCount, next.cachedTokenCount)
        finishReason = next.finishReason ?? finishReason
        stopReason = next.stopReason ?? stopReason
    }
}
