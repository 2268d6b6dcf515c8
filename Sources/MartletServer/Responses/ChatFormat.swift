import MartletEngine
import MartletJSON

/// The objects of `/v1/chat/completions`.
struct ChatFormat: ResponseFormat {
    let header: ResponseHeader
    let options: CommonOptions
    /// Who answers.
    let role: String
    /// The last message, where it is sent back in front of the answer.
    let echoedText: String?
    let returnsPromptText: Bool
    let logprobs: ChatLogprobs?
    let reportsPromptLogprobs: Bool
    /// Set where anything is reported by token.
    let names: TokenNames?
    let usage: StreamUsage
    let transport = FrameBuffer.Transport.serverSentEvents

    /// Everything of a chunk before its choice.
    private let prefix: [UInt8]
    private var promptTokens: [Int32] = []
    private var promptText: String?
    private var choices: [Choice] = []

    private struct Choice: Sendable {
        var hasBegun = false
        var usage = Usage()
    }

    init(
        header: ResponseHeader, request: ChatCompletionRequest, role: String,
        echoedText: String?, logprobs: ChatLogprobs?, names: TokenNames?,
        configuration: ServerConfiguration
    ) {
        self.header = header
        options = request.options
        self.role = role
        self.echoedText = echoedText
        returnsPromptText = request.returnsPromptText
        self.logprobs = logprobs
        reportsPromptLogprobs = request.sampling.promptLogprobCount != nil
        self.names = names
        usage = StreamUsage(options: request.options, configuration: configuration)
        var json = JSONWriter()
        header.write(object: "chat.completion.chunk", into: &json)
        json.raw(#","choices":["#)
        prefix = json.bytes
    }

    mutating func begin(_ streams: [GenerationStream]) {
        promptTokens = streams[0].promptTokenIDs
        promptText = returnsPromptText ? streams[0].promptText : nil
        var choice = Choice()
        choice.usage.promptTokenCount = promptTokens.count
        choices = Array(repeating: choice, count: streams[0].completionCount)
    }

    // MARK: Stream

    mutating func encode(
        _ output: GenerationOutput, promptIndex: Int, into frames: inout FrameBuffer
    ) {
        if !choices[output.index].hasBegun {
            choices[output.index].hasBegun = true
            encodeBeginning(of: output.index, into: &frames)
        }
        choices[output.index].usage.completionTokenCount += output.tokenIDs.count
        choices[output.index].usage.cachedTokenCount = max(
            choices[output.index].usage.cachedTokenCount, output.cachedTokenCount)
        guard !output.tokenIDs.isEmpty || !output.text.isEmpty || output.finishReason != nil
        else { return }
        frames.begin()
        frames.json.bytes += prefix
        writeChunkChoice(output, into: &frames.json)
        frames.json.raw("]")
        usage.writeMembers(
            choices[output.index].usage, isLast: output.finishReason != nil,
            fingerprint: header.fingerprint, into: &frames.json)
        frames.json.raw("}")
        frames.end()
    }

    /// The chunk that names the role, and the one that sends back the last message.
    private func encodeBeginning(of index: Int, into frames: inout FrameBuffer) {
        frames.begin()
        frames.json.bytes += prefix
        frames.json.raw(#"{"index":"#)
        frames.json.integer(index)
        frames.json.raw(#","delta":{"role":"#)
        frames.json.string(role)
        frames.json.raw(#","content":""},"logprobs":null,"finish_reason":null}]"#)
        usage.writeMembers(
            choices[index].usage, isLast: false, fingerprint: header.fingerprint,
            into: &frames.json)
        frames.json.raw(#","prompt_token_ids":"#)
        frames.json.optionalTokens(options.returnsTokenIDs ? promptTokens : nil)
        frames.json.raw(#","prompt_text":"#)
        frames.json.optionalString(promptText)
        frames.json.raw("}")
        frames.end()
        guard let echoedText, !echoedText.isEmpty else { return }
        frames.begin()
        frames.json.bytes += prefix
        frames.json.raw(#"{"index":"#)
        frames.json.integer(index)
        frames.json.raw(#","delta":{"content":"#)
        frames.json.string(echoedText)
        frames.json.raw(#"},"logprobs":null,"finish_reason":null}]}"#)
        frames.end()
    }

    private func writeChunkChoice(_ output: GenerationOutput, into json: inout JSONWriter) {
        json.raw(#"{"index":"#)
        json.integer(output.index)
        json.raw(#","delta":{"content":"#)
        json.string(output.text)
        json.raw(#"},"logprobs":"#)
        if logprobs?.write(output.logprobs, into: &json) == nil { json.raw("null") }
        json.raw(#","finish_reason":"#)
        json.optionalString(output.finishReason?.rawValue)
        if output.finishReason != nil {
            json.raw(#","stop_reason":"#)
            json.stopReason(output.stopReason)
        }
        json.raw(#","token_ids":"#)
        json.optionalTokens(options.returnsTokenIDs ? output.tokenIDs : nil)
        json.raw("}")
    }

    mutating func encodeEnd(into frames: inout FrameBuffer) {
        var total = Usage()
        total.promptTokenCount = promptTokens.count
        for choice in choices {
            total.completionTokenCount += choice.usage.completionTokenCount
            total.cachedTokenCount = max(total.cachedTokenCount, choice.usage.cachedTokenCount)
        }
        usage.writeFinalChunk(
            total, prefix: prefix, fingerprint: header.fingerprint, into: &frames)
    }

    // MARK: Whole

    func encodeWhole(_ results: [GenerationResult], into json: inout JSONWriter) {
        let result = results[0]
        var total = Usage()
        total.promptTokenCount = result.promptTokenIDs.count
        total.cachedTokenCount = result.cachedTokenCount
        header.write(object: "chat.completion", into: &json)
        json.raw(#","choices":["#)
        for output in result.completions {
            total.completionTokenCount += output.tokenIDs.count
            if output.index > 0 { json.raw(",") }
            writeChoice(output, into: &json)
        }
        json.raw(#"],"service_tier":null,"system_fingerprint":"#)
        json.string(header.fingerprint)
        json.raw(#","usage":"#)
        total.writeWhole(reportsDetails: usage.reportsDetails, into: &json)
        json.raw(#","prompt_logprobs":"#)
        json.promptLogprobs(reportsPromptLogprobs ? result.promptLogprobs : nil, names: names)
        json.raw(#","prompt_token_ids":"#)
        json.optionalTokens(options.returnsTokenIDs ? result.promptTokenIDs : nil)
        json.raw(#","prompt_text":"#)
        json.optionalString(promptText)
        json.raw(#","kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}"#)
    }

    private func writeChoice(_ output: GenerationOutput, into json: inout JSONWriter) {
        json.raw(#"{"index":"#)
        json.integer(output.index)
        json.raw(#","message":{"role":"#)
        json.string(role)
        json.raw(#","content":"#)
        json.string((echoedText ?? "") + output.text)
        json.raw(#","refusal":null,"annotations":null,"audio":null,"function_call":null,"#)
        json.raw(#""reasoning":null},"logprobs":"#)
        if logprobs?.write(output.logprobs, into: &json) == nil { json.raw("null") }
        json.raw(#","finish_reason":"#)
        json.optionalString(output.finishReason?.rawValue)
        json.raw(#","stop_reason":"#)
        json.stopReason(output.stopReason)
        json.raw(#","token_ids":"#)
        json.optionalTokens(options.returnsTokenIDs ? output.tokenIDs : nil)
        json.raw(#","routed_experts":null}"#)
    }
}
