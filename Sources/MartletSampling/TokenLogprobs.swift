/// The natural logarithm of one token's probability.
public struct TokenLogprob: Hashable, Sendable {
    /// The token.
    public let id: Int32
    /// Its log probability; minus infinity for a token that is masked out.
    public let logprob: Float
    /// Its place among all tokens, 1 for the most probable.
    public let rank: Int

    /// A token's log probability and rank.
    public init(id: Int32, logprob: Float, rank: Int) {
        self.id = id
        self.logprob = logprob
        self.rank = rank
    }
}

/// The log probabilities reported for one position.
public struct TokenLogprobs: Hashable, Sendable {
    /// The token at the position: sampled, or given by the prompt.
    public let chosen: TokenLogprob
    /// The most probable tokens, most probable first.
    public let top: [TokenLogprob]

    /// The report of one position.
    public init(chosen: TokenLogprob, top: [TokenLogprob]) {
        self.chosen = chosen
        self.top = top
    }
}
