package import MartletJSON

/// The body of `POST /v1/completions`, read and checked as far as that needs no model.
///
/// - Source: vLLM 0.32, `vllm/entrypoints/openai/completion/protocol.py`.
package struct CompletionRequest: Sendable {
    /// One of the prompts.
    package enum PromptInput: Hashable, Sendable {
        case text(String)
        case tokens([Int])
    }

    /// More prompts than this in one request are refused.
    package static let maximumPromptCount = 1024

    package var model: String?
    package var prompts: [PromptInput] = []
    package var sampling: SamplingFields
    package var logprobs: Int?
    package var echo: Bool
    package var addsSpecialTokens: Bool
    package var options: CommonOptions

    package init(body: JSONValue) throws(APIError) {
        var reader = try FieldReader(body: body)
        model = reader.string("model")
        let prompt = reader.value("prompt")
        sampling = try SamplingFields(reading: &reader)
        logprobs = reader.integer("logprobs")
        echo = reader.bool("echo") ?? false
        addsSpecialTokens = reader.bool("add_special_tokens") ?? true
        let suffix = reader.string("suffix")
        options = try CommonOptions(reading: &reader)
        let parsed = prompt.flatMap(Self.prompts)
        if prompt != nil, parsed == nil {
            reader.report(
                "prompt_type", "prompt",
                "Input should be a string, a list of token ids, or a list of either")
        }
        try reader.finish()
        if let suffix, !suffix.isEmpty {
            throw .badRequest("suffix is not currently supported", param: "suffix")
        }
        prompts = parsed ?? []
        try checkPrompts()
        try checkCombinations()
    }

    /// The prompts in a body's `prompt` member; nil where it is none of the four forms.
    private static func prompts(in value: JSONValue) -> [PromptInput]? {
        if let text = value.string { return [.text(text)] }
        guard let elements = value.array else { return nil }
        if !elements.isEmpty, let ids = integers(elements) { return [.tokens(ids)] }
        var prompts: [PromptInput] = []
        for element in elements {
            if let text = element.string {
                prompts.append(.text(text))
            } else if let ids = element.array.flatMap(integers) {
                prompts.append(.tokens(ids))
            } else {
                return nil
            }
        }
        return prompts
    }

    private static func integers(_ elements: [JSONValue]) -> [Int]? {
        let numbers = elements.compactMap(\.integer)
        return numbers.count == elements.count ? numbers : nil
    }

    private func checkPrompts() throws(APIError) {
        let isEmpty = prompts.contains { prompt in
            switch prompt {
            case .text(let text): text.isEmpty
            case .tokens(let ids): ids.isEmpty
            }
        }
        guard !prompts.isEmpty, !isEmpty else {
            throw .badRequest(
                "Either prompt or prompt_embeds must be provided and non-empty.", param: "prompt")
        }
        guard prompts.count <= Self.maximumPromptCount else {
            throw .badRequest(
                "At most \(Self.maximumPromptCount) prompts are allowed in one request.",
                param: "prompt", value: "\(prompts.count)")
        }
    }

    private func checkCombinations() throws(APIError) {
        if let limit = sampling.maximumTokenCount, limit < 1, !(limit == 0 && echo) {
            throw .badRequest(
                "max_tokens must be at least 1, got \(limit).", param: "max_tokens",
                value: "\(limit)")
        }
        if options.streams, sampling.promptLogprobCount != nil {
            throw .badRequest(
                "`prompt_logprobs` are not available when `stream=True`.",
                param: "prompt_logprobs")
        }
    }
}
