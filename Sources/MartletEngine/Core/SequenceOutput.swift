import MartletSampling
import MartletScheduling
import MartletTokenizer

/// Turns one sequence's sampled tokens into output, and decides when it ends.
struct SequenceOutput {
    let request: RequestKey
    /// Which of the request's completions this is.
    let index: Int
    let promptTokens: [Int32]
    private(set) var sampler: SamplerState
    private var detokenizer: Detokenizer
    private var matcher: StopStringMatcher
    private var promptLogprobs: [TokenLogprobs] = []
    private var cachedTokenCount = 0
    private var tokenCount = 0
    private let parameters: SamplingParameters
    private let limits: SequenceLimits

    init(_ request: AdmittedRequest, index: Int, model: TextModel) {
        let prepared = request.prepared
        self.request = request.key
        self.index = index
        promptTokens = prepared.promptTokens
        parameters = prepared.sampling
        limits = SequenceLimits(
            tokenCount: parameters.maximumTokenCount ?? .max,
            lengthLeft: model.maximumModelLength - prepared.promptTokens.count)
        sampler = SamplerState(
            parameters: parameters, completionIndex: index, promptTokens: prepared.promptTokens,
            endOfSequenceIDs: model.endOfSequenceIDs, vocabularySize: model.vocabularySize,
            randomSeed: request.randomSeed)
        detokenizer = Detokenizer(
            tokenizer: model.tokenizer, promptTokens: prepared.promptTokens,
            skipSpecialTokens: parameters.skipsSpecialTokens)
        matcher = StopStringMatcher(
            stopStrings: parameters.stop, includeInOutput: parameters.includesStopInOutput)
    }

    /// Whether the step has to report log probabilities of the prompt: completion 0 alone does.
    var promptLogprobCount: Int? { index == 0 ? parameters.promptLogprobCount : nil }

    /// Notes what the scheduler found in the prefix cache.
    mutating func noteCached(_ count: Int) {
        cachedTokenCount = max(cachedTokenCount, count)
    }

    /// Collects reports for prompt positions. After a preemption positions come again; what is
    /// there already is kept.
    mutating func collect(_ logprobs: [TokenLogprobs], startPosition: Int) {
        let known = promptLogprobs.count - startPosition
        if known >= 0 { promptLogprobs += logprobs.dropFirst(known) }
    }

    /// Takes the next token into the output. The piece carries a finish reason if the sequence
    /// ends with it.
    mutating func accept(_ token: SampledToken) -> GenerationOutput {
        var output = GenerationOutput(index: index)
        output.cachedTokenCount = cachedTokenCount
        output.promptLogprobs = promptLogprobs
        promptLogprobs = []
        guard limits.tokenCount > 0 else {
            output.finishReason = .length
            return output
        }
        tokenCount += 1
        sampler.append(token.id)
        output.tokenIDs = [token.id]
        if let logprobs = token.logprobs { output.logprobs = [logprobs] }
        finish(&output, by: sampler.stop(after: token.id), token: token.id)
        return output
    }

    /// Adds the token's text to the output, and the reason if the sequence ends here.
    private mutating func finish(_ output: inout GenerationOutput, by stop: TokenStop?, token: Int32) {
        var text = ""
        if stop == nil || parameters.includesStopInOutput { text = detokenizer.append(token) }
        let isLast = tokenCount >= min(limits.tokenCount, limits.lengthLeft)
        if stop != nil || isLast { text += detokenizer.finish() }
        if let match = release(text, into: &output) {
            output.finishReason = .stop
            output.stopReason = .string(match)
            return
        }
        switch stop {
        case .endOfSequence: output.finishReason = .stop
        case .stopToken(let id):
            output.finishReason = .stop
            output.stopReason = .token(id)
        case .length: output.finishReason = .length
        case nil: output.finishReason = isLast ? .length : nil
        }
        if output.finishReason != nil { output.text += matcher.finish() }
    }

    /// Passes text through the stop strings, which count only past the least number of tokens.
    private mutating func release(_ text: String, into output: inout GenerationOutput) -> String? {
        guard tokenCount > parameters.minimumTokenCount else {
            output.text += text
            return nil
        }
        let released = matcher.append(text)
        output.text += released.text
        return released.match
    }
}

/// Where a sequence ends at the latest.
private struct SequenceLimits {
    /// The request's own limit.
    let tokenCount: Int
    /// What the context leaves after the prompt.
    let lengthLeft: Int
}
