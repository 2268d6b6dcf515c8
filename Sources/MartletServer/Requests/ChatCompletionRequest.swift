package import MartletJSON

/// The body of `POST /v1/chat/completions`, read and checked as far as that needs no model.
///
/// - Source: vLLM 0.32, `vllm/entrypoints/openai/chat_completion/protocol.py`.
package struct ChatCompletionRequest: Sendable {
    package var model: String?
    package var conversation: Conversation
    package var sampling: SamplingFields
    package var reportsLogprobs: Bool
    package var topLogprobs: Int?
    package var echo: Bool
    package var returnsPromptText: Bool
    package var options: CommonOptions

    package init(body: JSONValue) throws(APIError) {
        var reader = try FieldReader(body: body)
        model = reader.string("model")
        let messages = Conversation.messages(reading: &reader)
        sampling = try SamplingFields(reading: &reader)
        if let limit = reader.integer("max_completion_tokens") {
            sampling.maximumTokenCount = limit
        }
        reportsLogprobs = reader.bool("logprobs") ?? false
        topLogprobs = reader.integer("top_logprobs")
        echo = reader.bool("echo") ?? false
        returnsPromptText = reader.bool("return_prompt_text") ?? false
        conversation = Conversation(messages: messages ?? [], reading: &reader)
        options = try CommonOptions(reading: &reader)
        let tools = ToolFields(reading: &reader)
        try reader.finish()
        conversation.tools = try tools.checked()
        try conversation.check()
        try check()
    }

    private func check() throws(APIError) {
        if let limit = sampling.maximumTokenCount, limit < 1 {
            throw .badRequest(
                "max_tokens must be at least 1, got \(limit).", param: "max_tokens",
                value: "\(limit)")
        }
        if let topLogprobs {
            guard topLogprobs >= -1 else {
                throw .badRequest(
                    "`top_logprobs` must be a positive value or -1.", param: "top_logprobs",
                    value: "\(topLogprobs)")
            }
            guard reportsLogprobs || topLogprobs == 0 else {
                throw .badRequest(
                    "when using `top_logprobs`, `logprobs` must be set to true.",
                    param: "top_logprobs")
            }
        }
        if options.streams, sampling.promptLogprobCount != nil {
            throw .badRequest(
                "`prompt_logprobs` are not available when `stream=True`.",
                param: "prompt_logprobs")
        }
    }
}
