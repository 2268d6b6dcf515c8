import MartletSampling

/// What one token adds to a completion's output, or what ends it.
struct OutputDelta {
    /// Which of the request's completions this belongs to.
    let index: Int
    /// The text that became certain.
    var text = ""
    var token: SampledToken?
    /// Reports for prompt tokens that came with this token.
    var promptLogprobs: [TokenLogprobs] = []
    var cachedTokenCount = 0
    var finishReason: FinishReason?
    var stopReason: StopReason?

    init(index: Int) {
        self.index = index
    }

    var tokenCount: Int { token == nil ? 0 : 1 }

    /// Bytes that it takes in memory while it waits for a reader, roughly.
    var approximateByteCount: Int {
        let reports = promptLogprobs.reduce(token?.logprobs.map { 1 + $0.top.count } ?? 0) {
            $0 + 1 + $1.top.count
        }
        return 64 + text.utf8.count + tokenCount * 4 + reports * 16
    }
}

extension GenerationOutput {
    /// Appends what follows this piece.
    mutating func append(_ delta: OutputDelta) {
        text += delta.text
        if let token = delta.token {
            tokenIDs.append(token.id)
            if let report = token.logprobs { logprobs.append(report) }
        }
        promptLogprobs += delta.promptLogprobs
        cachedTokenCount = max(cachedTokenCount, delta.cachedTokenCount)
        finishReason = delta.finishReason ?? finishReason
        stopReason = delta.stopReason ?? stopReason
    }
}
