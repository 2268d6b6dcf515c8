import MartletJSON
import OrderedCollections

extension ChatTemplate {
    /// Renders a conversation as `apply_chat_template` does.
    ///
    /// Message content in parts becomes one text, its parts joined by newlines, where the
    /// template's
    /// ``contentFormat`` is a string.
    ///
    /// - Throws: ``TemplateError/invalidPrompt(message:)`` for messages of the wrong shape, for
    ///   parts that are not text, and where the final message cannot be continued.
    package func render(_ prompt: ChatPrompt) throws(TemplateError) -> String {
        try render(prompt, limits: .default)
    }

    /// As ``render(_:)-(ChatPrompt)``, within `limits`.
    package func render(
        _ prompt: ChatPrompt, limits: RenderLimits
    ) throws(TemplateError) -> String {
        guard !prompt.continueFinalMessage || !prompt.addGenerationPrompt else {
            throw .invalidPrompt(
                message: "continue_final_message and add_generation_prompt exclude each other")
        }
        var messages: [PromptMessage] = []
        for (index, value) in prompt.messages.enumerated() {
            var message = try PromptMessage(value, index: index)
            try message.resolveParts(for: contentFormat, index: index)
            message.aliasReasoning()
            messages.append(message)
        }
        let continuation =
            prompt.continueFinalMessage ? try FinalMessage(marking: &messages, in: self) : nil
        let renderer = Renderer(template: self, limits: limits)
        defer { renderer.clear() }
        let text = try renderer.render(variables(prompt, messages.map(\.value)))
        return try continuation?.cut(text) ?? text
    }

    /// The template's variables; of two with one name the later one counts.
    private func variables(
        _ prompt: ChatPrompt, _ messages: [JSONValue]
    ) throws(TemplateError) -> [(key: String, value: JSONValue)] {
        var variables: [(key: String, value: JSONValue)] = []
        for (name, token) in prompt.specialTokens { variables.append((name, .string(token))) }
        variables.append(("messages", .array(messages)))
        variables.append(("tools", prompt.tools.map { .array($0) } ?? .null))
        variables.append(("documents", prompt.documents.map { .array($0) } ?? .null))
        variables.append(("add_generation_prompt", .bool(prompt.addGenerationPrompt)))
        for (name, value) in prompt.extraVariables {
            guard name != "messages" else {
                throw .invalidPrompt(message: "a template variable cannot be called 'messages'")
            }
            variables.append((name, value))
        }
        return variables
    }
}
