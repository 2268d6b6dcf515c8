package import MartletChat

/// What a request asks the model to continue.
public struct Prompt: Sendable {
    package enum Content: Sendable {
        case text(String, addsSpecialTokens: Bool)
        case tokens([Int32])
        /// A conversation, rendered by `template`, or by the model's own where that is nil.
        case chat(ChatPrompt, template: ChatTemplate?, addsSpecialTokens: Bool)
    }

    package let content: Content

    package init(_ content: Content) {
        self.content = content
    }

    /// Text, encoded by the model's tokenizer.
    ///
    /// - Parameters:
    ///   - text: What to continue.
    ///   - addsSpecialTokens: Whether the tokenizer's post-processor may add what the model
    ///     expects around a text, such as a beginning-of-sequence token.
    public static func text(_ text: String, addsSpecialTokens: Bool = true) -> Prompt {
        Prompt(.text(text, addsSpecialTokens: addsSpecialTokens))
    }

    /// Token ids, taken as they are.
    public static func tokens(_ tokens: [Int32]) -> Prompt {
        Prompt(.tokens(tokens))
    }

    /// A conversation, rendered by the model's chat template and followed by the header of the
    /// assistant's turn.
    public static func chat(_ messages: [ChatMessage]) -> Prompt {
        let prompt = ChatPrompt(messages: messages.map(\.json))
        return Prompt(.chat(prompt, template: nil, addsSpecialTokens: false))
    }
}

extension Prompt: ExpressibleByStringLiteral {
    /// A text prompt.
    public init(stringLiteral value: String) {
        self = .text(value)
    }
}
