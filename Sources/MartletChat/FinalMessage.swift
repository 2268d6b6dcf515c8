import MartletJSON

/// The last message of a conversation that the model is to go on with: its content carries a mark
/// through the template, and the text is cut there.
///
/// - Source: transformers 5 `render_jinja_template`, `continue_final_message`.
struct FinalMessage {
    private static let mark = "CONTINUE_FINAL_MESSAGE_TAG"
    private let content: String

    /// Marks the end of the last message's content.
    init(marking messages: inout [PromptMessage], in template: ChatTemplate) throws(TemplateError) {
        guard var message = messages.popLast() else {
            throw .invalidPrompt(
                message: "continue_final_message is set but the conversation is empty")
        }
        guard template.source.contains("content") else {
            throw .invalidPrompt(
                message: "continue_final_message is set but the template reads no content")
        }
        switch message["content"] {
        case .string(let text)?:
            content = text
            message["content"] = .string(text + Self.mark + " ")
        case .array(var parts)?:
            guard let index = parts.lastIndex(where: { $0["text"]?.string != nil }),
                let text = parts[index]["text"]?.string
            else {
                throw .invalidPrompt(
                    message: "continue_final_message is set but the final message has no text")
            }
            content = text
            parts[index] = ["type": "text", "text": .string(text + Self.mark + " ")]
            message["content"] = .array(parts)
        default:
            throw .invalidPrompt(
                message: "continue_final_message is set but the final message has no content")
        }
        messages.append(message)
    }

    /// The text up to the mark; without the spaces before it where the template trimmed the
    /// content.
    func cut(_ text: String) throws(TemplateError) -> String {
        let bytes = Array(text.utf8)
        let mark = Array(Self.mark.utf8)
        let stripped = Array(PythonText.strip(content).utf8)
        var search = ByteSearch(mark)
        guard PythonText.find(stripped, in: bytes) != nil,
            let place = search.all(in: bytes).last
        else {
            throw .invalidPrompt(
                message: "continue_final_message is set but the template leaves out the final "
                    + "message or parts of it")
        }
        let head = String(decoding: bytes[..<place], as: UTF8.self)
        let end = place + mark.count
        if end < bytes.count, bytes[end] == UInt8(ascii: " ") { return head }
        return PythonText.strip(head, leading: false, trailing: true, where: PythonText.isSpace)
    }
}
