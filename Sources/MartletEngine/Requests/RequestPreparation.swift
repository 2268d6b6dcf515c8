import MartletChat
import MartletSampling
import MartletTokenizer

/// Makes of a caller's request what the engine core can run: encodes the prompt and checks every
/// parameter against the model.
struct RequestPreparation {
    let model: ServedModel

    /// - Throws: ``EngineError`` naming the parameter that is wrong.
    func prepare(_ request: GenerationRequest) throws(EngineError) -> PreparedRequest {
        let encoded = try encode(request.prompt)
        try check(tokens: encoded.tokens)
        let sampling = try resolve(request.sampling, promptTokenCount: encoded.tokens.count)
        return PreparedRequest(
            promptTokens: encoded.tokens, promptText: encoded.text, sampling: sampling,
            priority: request.priority, cacheSalt: request.cacheSalt, client: request.client,
            requestID: request.requestID)
    }

    /// The tokens that the model is fed, and the rendered conversation if there is one.
    func encode(_ prompt: Prompt) throws(EngineError) -> (tokens: [Int32], text: String?) {
        let tokenizer = model.text.tokenizer
        switch prompt.content {
        case .tokens(let tokens):
            return (tokens, nil)
        case .text(let text, let addsSpecialTokens):
            return (tokenizer.encode(text, addSpecialTokens: addsSpecialTokens), nil)
        case .chat(var conversation, let template, let addsSpecialTokens):
            guard let template = template ?? model.chatTemplate else {
                throw EngineError(
                    .chatTemplate,
                    "The model has no chat template; give one with --chat-template, "
                        + "or send a plain prompt.", parameter: "messages")
            }
            conversation.specialTokens = tokenizer.specialTokens
            let text: String
            do {
                text = try template.render(
                    try conversation.normalized(for: template.contentFormat))
            } catch {
                throw EngineError(.chatTemplate, "\(error)", parameter: "messages")
            }
            return (tokenizer.encode(text, addSpecialTokens: addsSpecialTokens), text)
        }
    }

    private func check(tokens: [Int32]) throws(EngineError) {
        guard !tokens.isEmpty else {
            throw EngineError(
                .invalidRequest, "The prompt is empty: it has no tokens.", parameter: "prompt")
        }
        let vocabulary = model.text.vocabularySize
        if let wrong = tokens.first(where: { $0 < 0 || $0 >= vocabulary }) {
            throw EngineError(.invalidRequest, "Token id \(wrong) is out of vocabulary")
        }
        let limit = model.text.maximumModelLength
        guard tokens.count < limit else {
            throw EngineError(
                .promptTooLong,
                "This model's maximum context length is \(limit) tokens. However, your prompt "
                    + "contains at least \(tokens.count) input tokens, which exceeds this limit "
                    + "even without any output tokens. Please reduce the length of the input "
                    + "prompt.", parameter: "input_tokens", value: String(tokens.count))
        }
    }

    /// The parameters with a token limit that fits, once everything about them is checked.
    private func resolve(
        _ requested: SamplingParameters, promptTokenCount: Int
    ) throws(EngineError) -> SamplingParameters {
        var sampling = requested
        do {
            try sampling.validate()
        } catch {
            throw EngineError(
                .invalidRequest, error.message, parameter: error.parameter, value: error.value)
        }
        try checkVocabulary(of: sampling)
        try checkLogprobs(of: sampling)
        let limit = model.text.maximumModelLength
        if let count = sampling.maximumTokenCount, count > limit {
            throw EngineError(
                .invalidRequest,
                "max_tokens=\(count) cannot be greater than max_model_len=\(limit). "
                    + "Please request fewer output tokens.", parameter: "max_tokens",
                value: String(count))
        }
        if !sampling.ignoresEndOfSequence {
            sampling.stopTokenIDs += model.text.furtherStopTokenIDs
        }
        let room = limit - promptTokenCount
        sampling.maximumTokenCount = min(sampling.maximumTokenCount ?? room, room)
        return sampling
    }

    private func checkVocabulary(of sampling: SamplingParameters) throws(EngineError) {
        let lists: [(name: String, ids: [Int32])] = [
            ("logit_bias", sampling.logitBias.keys.sorted()),
            ("stop_token_ids", sampling.stopTokenIDs),
            ("allowed_token_ids", sampling.allowedTokenIDs ?? []),
            ("bad_words", sampling.badWordTokenIDs.flatMap { $0 }),
        ]
        let vocabulary = model.text.vocabularySize
        for list in lists {
            let wrong = list.ids.filter { $0 < 0 || $0 >= vocabulary }
            guard !wrong.isEmpty else { continue }
            throw EngineError(
                .invalidRequest,
                "token_id(s) \(wrong) in \(list.name) contain out-of-vocab token ids. "
                    + "Vocabulary size: \(vocabulary)", parameter: list.name, value: "\(wrong)")
        }
    }

    private func checkLogprobs(of sampling: SamplingParameters) throws(EngineError) {
        let limit = model.maximumLogprobCount
        let requests = [
            ("sample", "logprobs", sampling.logprobCount),
            ("prompt", "prompt_logprobs", sampling.promptLogprobCount),
        ]
        for (kind, name, requested) in requests {
            guard var count = requested else { continue }
            if count == -1 { count = model.text.vocabularySize }
            guard limit != -1, count > limit else { continue }
            throw EngineError(
                .invalidRequest,
                "Requested \(kind) logprobs of \(count), which is greater than max allowed: "
                    + "\(limit)", parameter: name, value: String(count))
        }
    }
}
