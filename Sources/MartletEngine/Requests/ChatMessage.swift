import MartletJSON

/// One turn of a conversation.
public struct ChatMessage: Hashable, Sendable {
    /// Who speaks: `system`, `user`, `assistant`, `tool`, or what else the template knows.
    public var role: String
    /// What is said.
    public var content: String

    /// A turn of `role`.
    public init(role: String, content: String) {
        self.role = role
        self.content = content
    }

    /// A turn that instructs the model.
    public static func system(_ content: String) -> ChatMessage {
        ChatMessage(role: "system", content: content)
    }

    /// A turn of the person.
    public static func user(_ content: String) -> ChatMessage {
        ChatMessage(role: "user", content: content)
    }

    /// A turn of the model.
    public static func assistant(_ content: String) -> ChatMessage {
        ChatMessage(role: "assistant", content: content)
    }

    var json: JSONValue {
        ["role": .string(role), "content": .string(content)]
    }
}
