import HTTPTypes
import MartletChat
import MartletEngine
import MartletJSON
import OrderedCollections

extension RequestPlanner {
    /// More sequences than this are not searched for in the output.
    private static let maximumBadWordCount = 128

    func prompt(
        _ input: CompletionRequest.PromptInput, of target: Target, specials: Bool
    ) throws(APIError) -> Prompt {
        switch input {
        case .text(let text): .text(text, addsSpecialTokens: specials)
        case .tokens(let ids): .tokens(try ids.tokens(below: target.information.vocabularySize))
        }
    }

    /// The prompt of a conversation.
    ///
    /// - Throws: ``APIError`` where it brings a template that is not trusted or not valid.
    func prompt(_ conversation: Conversation) throws(APIError) -> Prompt {
        var template: ChatTemplate?
        if conversation.template != nil || conversation.templateVariables["chat_template"] != nil,
            !configuration.trustsRequestChatTemplate
        {
            throw APIError(
                .badRequest, "BadRequestError",
                "Chat template is passed with request, but --trust-request-chat-template is not "
                    + "set. Refused request with untrusted chat template.")
        }
        if let source = conversation.template {
            do {
                template = try ChatTemplate(source)
            } catch {
                throw .badRequest(
                    "The chat template is not valid: \(error)", param: "chat_template")
            }
        }
        var chat = ChatPrompt(messages: conversation.messages)
        chat.tools = conversation.tools
        chat.documents = conversation.documents
        chat.addGenerationPrompt = conversation.addsGenerationPrompt
        chat.continueFinalMessage = conversation.continuesFinalMessage
        chat.extraVariables = conversation.templateVariables
        return Prompt(
            .chat(chat, template: template, addsSpecialTokens: conversation.addsSpecialTokens))
    }

    /// The prompt with no more tokens than the request wants to keep of it.
    func truncated(
        _ prompt: Prompt, options: CommonOptions, of target: Target
    ) async throws -> Prompt {
        guard var limit = options.truncatedPromptTokenCount else { return prompt }
        let context = target.information.maximumModelLength
        guard limit <= context else {
            throw APIError.badRequest(
                "truncate_prompt_tokens value (\(limit)) is greater than max_model_len "
                    + "(\(context)). Please, select a smaller truncation size.",
                param: "truncate_prompt_tokens", value: "\(limit)")
        }
        // Of a prompt cut to the context, one token is left out to have room for an answer.
        if limit == -1 { limit = context - 1 }
        let tokens = try await target.engine.encode(prompt)
        guard tokens.count > limit else { return .tokens(tokens) }
        return .tokens(
            options.truncatesRight ? Array(tokens.prefix(limit)) : Array(tokens.suffix(limit)))
    }

    /// The prompts as text, to be sent back.
    func texts(
        _ prompts: [CompletionRequest.PromptInput], of target: Target,
        _ sampling: SamplingParameters
    ) async throws -> [String] {
        var texts: [String] = []
        for prompt in prompts {
            switch prompt {
            case .text(let text): texts.append(text)
            case .tokens(let ids):
                let tokens = try ids.tokens(below: target.information.vocabularySize)
                texts.append(
                    try await target.engine.decode(
                        tokens, skipsSpecialTokens: sampling.skipsSpecialTokens))
            }
        }
        return texts
    }

    /// The token sequences of words to avoid, each with and without a space in front.
    ///
    /// - Source: vLLM 0.32 `SamplingParams.update_from_tokenizer`.
    func badWords(_ words: [String], of target: Target) async throws -> [[Int32]] {
        var sequences: [[Int32]] = []
        for word in words {
            let trimmed = word.drop { $0.isWhitespace }
            guard !trimmed.isEmpty else {
                throw APIError(
                    .badRequest, "BadRequestError",
                    "bad_words cannot contain an empty string.", param: "bad_words")
            }
            let plain = try await tokens(of: String(trimmed), target)
            let spaced = try await tokens(of: " " + trimmed, target)
            if !plain.isEmpty { sequences.append(plain) }
            if spaced.count == plain.count, spaced.first != plain.first {
                sequences.append(spaced)
            }
            guard sequences.count <= Self.maximumBadWordCount else {
                throw APIError.badRequest(
                    "At most \(Self.maximumBadWordCount) bad words are allowed after "
                        + "tokenization.", param: "bad_words")
            }
        }
        return sequences
    }

    private func tokens(of text: String, _ target: Target) async throws -> [Int32] {
        try await target.engine.encode(.text(text, addsSpecialTokens: false))
    }
}
