import MartletEngine
import MartletJSON

/// The objects of `/v1/completions`.
struct CompletionFormat: ResponseFormat {
    let header: ResponseHeader
    let options: CommonOptions
    /// The prompts' texts where they are sent back.
    let echoedTexts: [String]?
    let reportsLogprobs: Bool
    let reportsPromptLogprobs: Bool
    /// Set where anything is reported by token.
    let names: TokenNames?
    let usage: StreamUsage
    let transport = FrameBuffer.Transport.serverSentEvents

    /// Everything of a chunk before the index of its choice.
    let prefix: [UInt8]
    private var prompts: [[Int32]] = []
    private var completionCount = 1
    private var choices: [Choice] = []

    /// What is remembered of a choice between its chunks.
    private struct Choice: Sendable {
        var hasBegun = false
        var logprobs: CompletionLogprobs?
        var usage = Usage()
    }

    init(
        header: ResponseHeader, options: CommonOptions, echoedTexts: [String]?,
        reportsLogprobs: Bool, reportsPromptLogprobs: Bool,
        names: TokenNames?, configuration: ServerConfiguration
    ) {
        self.header = header
        self.options = options
        self.echoedTexts = echoedTexts
        self.reportsLogprobs = reportsLogprobs
        self.reportsPromptLogprobs = reportsPromptLogprobs
        self.names = names
        usage = StreamUsage(options: options, configuration: configuration)
        var json = JSONWriter()
        header.write(object: "text_completion", into: &json)
        json.raw(#","choices":["#)
        prefix = json.bytes
    }

    mutating func begin(_ streams: [GenerationStream]) {
        prompts = streams.map(\.promptTokenIDs)
        completionCount = streams[0].completionCount
        choices = streams.flatMap { stream in
            var choice = Choice()
            choice.logprobs = reportsLogprobs ? names.map(CompletionLogprobs.init) : nil
            choice.usage.promptTokenCount = stream.promptTokenIDs.count
            return [Choice](repeating: choice, count: stream.completionCount)
        }
    }

    private func echo(promptIndex: Int, logprobs: [TokenLogprobs]) -> EchoedPrompt? {
        guard let echoedTexts else { return nil }
        return EchoedPrompt(
            text: echoedTexts[promptIndex], tokens: prompts[promptIndex], logprobs: logprobs)
    }

    // MARK: Stream

    mutating func encode(
        _ output: GenerationOutput, promptIndex: Int, into frames: inout FrameBuffer
    ) {
        let index = promptIndex * completionCount + output.index
        var choice = choices[index]
        choice.usage.completionTokenCount += output.tokenIDs.count
        choice.usage.cachedTokenCount = max(
            choice.usage.cachedTokenCount, output.cachedTokenCount)
        let isFirst = !choice.hasBegun
        let echo = isFirst ? echo(promptIndex: promptIndex, logprobs: output.promptLogprobs) : nil
        // A piece with nothing to show, such as held-back text, is no chunk of its own.
        let isEmpty = output.text.isEmpty && output.tokenIDs.isEmpty && echo == nil
        guard !isEmpty || output.finishReason != nil else {
            choices[index] = choice
            return
        }
        choice.hasBegun = true
        frames.begin()
        frames.json.bytes += prefix
        writeChunkChoice(
            output, echo: echo, index: index, logprobs: &choice.logprobs,
            promptTokens: isFirst && options.returnsTokenIDs ? prompts[promptIndex] : nil,
            into: &frames.json)
        frames.json.raw("]")
        usage.writeMembers(
            choice.usage, isLast: output.finishReason != nil, fingerprint: header.fingerprint,
            into: &frames.json)
        frames.json.raw("}")
        frames.end()
        choices[index] = choice
    }

    private func writeChunkChoice(
        _ output: GenerationOutput, echo: EchoedPrompt?, index: Int,
        logprobs: inout CompletionLogprobs?, promptTokens: [Int32]?, into json: inout JSONWriter
    ) {
        json.raw(#"{"index":"#)
        json.integer(index)
        json.raw(#","text":"#)
        json.string(echo.map { $0.text + output.text } ?? output.text)
        json.raw(#","logprobs":"#)
        if logprobs?.write(output, echoing: echo, into: &json) == nil { json.raw("null") }
        json.raw(#","finish_reason":"#)
        json.optionalString(output.finishReason?.rawValue)
        json.raw(#","stop_reason":"#)
        json.stopReason(output.stopReason)
        json.raw(#","prompt_token_ids":"#)
        json.optionalTokens(promptTokens)
        json.raw(#","token_ids":"#)
        json.optionalTokens(options.returnsTokenIDs ? output.tokenIDs : nil)
        json.raw("}")
    }

    mutating func encodeEnd(into frames: inout FrameBuffer) {
        var total = Usage()
        for prompt in prompts { total.promptTokenCount += prompt.count }
        for choice in choices {
            total.completionTokenCount += choice.usage.completionTokenCount
            total.cachedTokenCount = max(total.cachedTokenCount, choice.usage.cachedTokenCount)
        }
        usage.writeFinalChunk(
            total, prefix: prefix, fingerprint: header.fingerprint, into: &frames)
    }

    // MARK: Whole

    func encodeWhole(_ results: [GenerationResult], into json: inout JSONWriter) {
        var total = Usage()
        json.bytes += prefix
        for (promptIndex, result) in results.enumerated() {
            total.promptTokenCount += result.promptTokenIDs.count
            total.cachedTokenCount += result.cachedTokenCount
            for output in result.completions {
                total.completionTokenCount += output.tokenIDs.count
                let index = promptIndex * completionCount + output.index
                if index > 0 { json.raw(",") }
                writeChoice(output, of: result, promptIndex: promptIndex, index: index, &json)
            }
        }
        json.raw(#"],"service_tier":null,"system_fingerprint":"#)
        json.string(header.fingerprint)
        json.raw(#","usage":"#)
        total.writeWhole(reportsDetails: usage.reportsDetails, into: &json)
        json.raw(#","kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}"#)
    }

    private func writeChoice(
        _ output: GenerationOutput, of result: GenerationResult, promptIndex: Int, index: Int,
        _ json: inout JSONWriter
    ) {
        let echo = echo(promptIndex: promptIndex, logprobs: result.promptLogprobs)
        json.raw(#"{"index":"#)
        json.integer(index)
        json.raw(#","text":"#)
        json.string(echo.map { $0.text + output.text } ?? output.text)
        json.raw(#","logprobs":"#)
        var logprobs = reportsLogprobs ? names.map(CompletionLogprobs.init) : nil
        if logprobs?.write(output, echoing: echo, into: &json) == nil { json.raw("null") }
        json.raw(#","finish_reason":"#)
        json.optionalString(output.finishReason?.rawValue)
        json.raw(#","stop_reason":"#)
        json.stopReason(output.stopReason)
        json.raw(#","token_ids":"#)
        json.optionalTokens(options.returnsTokenIDs ? output.tokenIDs : nil)
        json.raw(#","prompt_logprobs":"#)
        json.promptLogprobs(reportsPromptLogprobs ? result.promptLogprobs : nil, names: names)
        json.raw(#","prompt_token_ids":"#)
        json.optionalTokens(options.returnsTokenIDs ? result.promptTokenIDs : nil)
        json.raw(#","routed_experts":null}"#)
    }
}

extension ResponseHeader {
    /// Opens an object with the members that every object of the response begins with.
    func write(object: StaticString, into json: inout JSONWriter) {
        json.raw(#"{"id":"#)
        json.string(id)
        json.raw(#","object":""#)
        json.raw(object)
        json.raw(#"","created":"#)
        json.integer(created)
        json.raw(#","model":"#)
        json.string(model)
    }
}
