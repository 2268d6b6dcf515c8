/// What sampling made of one row of logits.
package struct SampledToken: Hashable, Sendable {
    /// The chosen token.
    package let id: Int32
    /// Its report, where the request asks for one.
    package let logprobs: TokenLogprobs?

    package init(id: Int32, logprobs: TokenLogprobs?) {
        self.id = id
        self.logprobs = logprobs
    }
}
