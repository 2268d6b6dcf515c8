/// Why the last token ends the output, as far as tokens alone can tell.
package enum TokenStop: Hashable, Sendable {
    /// The model's end-of-sequence token: finish reason `stop`, no stop reason.
    case endOfSequence
    /// A token of `stop_token_ids`: finish reason `stop`, the token is the stop reason.
    case stopToken(Int32)
    /// `max_tokens` or the model's context is used up: finish reason `length`.
    case length
}

extension SamplerState {
    /// Whether `token`, the one appended last, ends the output.
    ///
    /// End of sequence comes before stop tokens, and both before length. `min_tokens` is not asked:
    /// it keeps these tokens from being chosen, and where nothing else could be chosen, going on
    /// past them would be wrong.
    ///
    /// - Parameter maximumModelLength: The most tokens of prompt and output together.
    package func stop(after token: Int32, maximumModelLength: Int = .max) -> TokenStop? {
        if !parameters.ignoresEndOfSequence && endOfSequenceIDs.contains(token) {
            return .endOfSequence
        }
        if parameters.stopTokenIDs.contains(token) { return .stopToken(token) }
        let isFull = promptTokenCount + outputTokens.count >= maximumModelLength
        return isFull || outputTokens.count >= parameters.maximumTokenCount ?? .max
            ? .length : nil
    }
}
