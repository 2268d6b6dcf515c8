package import MartletJSON
import OrderedCollections

/// A conversation and what a template is told besides it: the inputs of `apply_chat_template`.
package struct ChatPrompt: Hashable, Sendable {
    /// The messages, each an object with `role` and `content`.
    package var messages: [JSONValue]
    /// The tools as JSON schemas; nil for none.
    package var tools: [JSONValue]?
    /// The documents of a retrieval-augmented prompt; nil for none.
    package var documents: [JSONValue]?
    /// Whether the text ends with the start of the assistant's next message.
    package var addGenerationPrompt: Bool
    /// Whether the text ends with the content of the last message, for the model to go on with it.
    package var continueFinalMessage: Bool
    /// Further variables (`chat_template_kwargs`); they take precedence over ``specialTokens``.
    package var extraVariables: JSONObject
    /// The tokenizer's special tokens by name: `bos_token`, `eos_token`.
    package var specialTokens: [String: String]

    package init(
        messages: [JSONValue], tools: [JSONValue]? = nil, documents: [JSONValue]? = nil,
        addGenerationPrompt: Bool = true, continueFinalMessage: Bool = false,
        extraVariables: JSONObject = [:], specialTokens: [String: String] = [:]
    ) {
        self.messages = messages
        self.tools = tools
        self.documents = documents
        self.addGenerationPrompt = addGenerationPrompt
        self.continueFinalMessage = continueFinalMessage
        self.extraVariables = extraVariables
        self.specialTokens = specialTokens
    }
}
