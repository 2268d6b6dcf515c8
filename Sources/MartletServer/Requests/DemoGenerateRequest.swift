package import MartletJSON

/// The body of `POST /generate`: a prompt, `stream`, sampling parameters and time limits; nothing
/// else.
///
/// - Source: vLLM's demo server `vllm/entrypoints/api_server.py`, which newer versions no longer
///   ship. `prompt_token_ids` in place of `prompt`, `timeout` and `queue_timeout` are ours.
package struct DemoGenerateRequest: Sendable {
    package var model: String?
    package var prompt: CompletionRequest.PromptInput
    package var streams: Bool
    package var sampling: SamplingFields
    package var logprobs: Int?
    package var deadlines: RequestDeadlines

    package init(body: JSONValue) throws(APIError) {
        var reader = try FieldReader(body: body)
        model = reader.string("model")
        let text = reader.string("prompt")
        let tokens = reader.integers("prompt_token_ids")
        streams = reader.bool("stream") ?? false
        sampling = try SamplingFields(reading: &reader)
        logprobs = reader.integer("logprobs")
        deadlines = try RequestDeadlines(reading: &reader)
        reader.rejectUnknownMembers()
        if text == nil, tokens == nil, reader.issues.isEmpty { reader.reportMissing("prompt") }
        try reader.finish()
        if let text, tokens == nil {
            prompt = .text(text)
        } else if let tokens, text == nil {
            prompt = .tokens(tokens)
        } else {
            throw .badRequest(
                "Either prompt or prompt_token_ids must be given, not both.", param: "prompt")
        }
        guard prompt != .text(""), prompt != .tokens([]) else {
            throw .badRequest("The prompt must not be empty.", param: "prompt")
        }
        if let limit = sampling.maximumTokenCount, limit < 1 {
            throw .badRequest(
                "max_tokens must be at least 1, got \(limit).", param: "max_tokens",
                value: "\(limit)")
        }
    }
}
