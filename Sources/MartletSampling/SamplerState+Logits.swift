package import MartletTensor

/// What a request does to its logits before a token is chosen.
extension SamplerState {
    /// Whether ``edit(_:kernels:)`` changes anything at this step.
    var editsLogits: Bool {
        allowedTokens != nil || !badWords.isEmpty || isHoldingTokens || !biases.isEmpty
            || history != nil
    }

    private var isHoldingTokens: Bool {
        outputTokens.count < parameters.minimumTokenCount && !heldTokens.isEmpty
    }

    /// Applies allowed tokens, bad words, `min_tokens`, biases and penalties, in this order.
    package func edit(_ row: UnsafeMutableBufferPointer<Float>, kernels: SamplingKernels) {
        if let allowedTokens { kernels.mask(row, words: allowedTokens.words) }
        maskBadWords(row)
        if isHoldingTokens { holdTokens(row, kernels: kernels) }
        for (token, bias) in biases { row[Int(token)] += bias }
        if let history { penalize(row, history: history) }
    }

    /// Masks the last token of each bad word whose other tokens end the output.
    private func maskBadWords(_ row: UnsafeMutableBufferPointer<Float>) {
        for word in badWords where outputTokens.suffix(word.count - 1) == word.dropLast() {
            row[Int(word[word.count - 1])] = -.infinity
        }
    }

    /// Masks the tokens that would end the output; under a grammar that allows nothing else they
    /// stay, as a grammar must be able to end.
    private func holdTokens(_ row: UnsafeMutableBufferPointer<Float>, kernels: SamplingKernels) {
        let held = grammarMask == nil ? [] : heldTokens.map { row[Int($0)] }
        for token in heldTokens { row[Int(token)] = -.infinity }
        guard grammarMask != nil, kernels.maximum(.init(row)) == -.infinity else { return }
        for (token, logit) in zip(heldTokens, held) { row[Int(token)] = logit }
    }

    /// Repetition first, then frequency, then presence.
    ///
    /// - Source: CTRL, Keskar et al. 2019, arXiv:1909.05858, for the repetition penalty, in the
    ///   form of transformers' `RepetitionPenaltyLogitsProcessor`; OpenAI's API reference for the
    ///   other two.
    private func penalize(_ row: UnsafeMutableBufferPointer<Float>, history: TokenHistory) {
        let repetition = parameters.repetitionPenalty
        let frequency = parameters.frequencyPenalty
        let presence = parameters.presencePenalty
        for (token, count) in zip(history.tokens, history.outputCounts) {
            var logit = row[Int(token)]
            logit = logit > 0 ? logit / repetition : logit * repetition
            if count > 0 {
                logit -= frequency * Float(count)
                logit -= presence
            }
            row[Int(token)] = logit
        }
    }
}
