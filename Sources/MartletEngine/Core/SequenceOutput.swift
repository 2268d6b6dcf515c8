import MartletSampling
import MartletScheduling
import MartletTokenizer

/// Turns one sequence's sampled tokens into output, and decides when it ends.
///
/// A class, so that a step changes it where it lies in the core's table: changing a large value in
/// a dictionary allocates. Not Sendable: the core's thread owns it.
final class SequenceOutput {
    let request: RequestKey
    /// Which of the request's completions this is.
    let index: Int
    let promptTokens: [Int32]
    private(set) var sampler: SamplerState
    private var detokenizer: Detokenizer
    private var matcher: StopStringMatcher
    /// Reports for prompt tokens that are not in the output yet.
    private var promptLogprobs: [TokenLogprobs] = []
    /// How many of the prompt's tokens have been reported on.
    private var reportedPromptTokenCount = 0
    private var cachedTokenCount = 0
    private let maximumModelLength: Int

    private var parameters: SamplingParameters { sampler.parameters }

    init(_ request: AdmittedRequest, index: Int, model: TextModel) {
        let prepared = request.prepared
        self.request = request.key
        self.index = index
        promptTokens = prepared.promptTokens
        maximumModelLength = model.maximumModelLength
        sampler = SamplerState(
            parameters: prepared.sampling, completionIndex: index,
            promptTokens: prepared.promptTokens,
            endOfSequenceIDs: model.endOfSequenceIDs, vocabularySize: model.vocabularySize,
            randomSeed: request.randomSeed)
        detokenizer = Detokenizer(
            tokenizer: model.tokenizer, promptTokens: prepared.promptTokens,
            skipSpecialTokens: prepared.sampling.skipsSpecialTokens)
        matcher = StopStringMatcher(
            stopStrings: prepared.sampling.stop,
            includeInOutput: prepared.sampling.includesStopInOutput)
    }

    /// Whether the step has to report log probabilities of the prompt: completion 0 alone does.
    var promptLogprobCount: Int? { index == 0 ? parameters.promptLogprobCount : nil }

    /// Notes what the scheduler found in the prefix cache.
    func noteCached(_ count: Int) {
        cachedTokenCount = max(cachedTokenCount, count)
    }

    /// Collects reports for prompt positions. After a preemption positions come again; what has
    /// been collected once is left out.
    func collect(_ logprobs: [TokenLogprobs], startPosition: Int) {
        let repeatedCount = max(0, reportedPromptTokenCount - startPosition)
        let new = logprobs.dropFirst(repeatedCount)
        promptLogprobs += new
        reportedPromptTokenCount += new.count
    }

    /// Takes the next token into the output. What it adds carries a finish reason if the sequence
    /// ends with it.
    func accept(_ token: SampledToken) -> OutputDelta {
        var output = OutputDelta(index: index)
        output.cachedTokenCount = cachedTokenCount
        output.promptLogprobs = promptLogprobs
        promptLogprobs = []
        guard parameters.maximumTokenCount != 0 else {
            output.finishReason = .length
            return output
        }
        sampler.append(token.id)
        output.token = token
        addText(of: token.id, to: &output)
        return output
    }

    /// Adds the token's text to the output, and the reason if the sequence ends here.
    private func addText(of token: Int32, to output: inout OutputDelta) {
        let stop = sampler.stop(after: token, maximumModelLength: maximumModelLength)
        let isText = stop == nil || stop == .length || parameters.includesStopInOutput
        var text = isText ? detokenizer.append(token) : ""
        if stop != nil { text += detokenizer.finish() }
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
        case nil: return
        }
        output.text += matcher.finish()
    }

    /// Passes text through the stop strings, which count only past the least number of tokens.
    private func release(_ text: String, into output: inout OutputDelta) -> String? {
        guard sampler.outputTokens.count > parameters.minimumTokenCount else {
            output.text += text
            return nil
        }
        let released = matcher.append(text)
        output.text += released.text
        return released.match
    }
}
