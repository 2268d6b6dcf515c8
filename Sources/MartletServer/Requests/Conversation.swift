package import MartletJSON
import OrderedCollections

/// The messages of a chat request and how its template is asked to render them.
package struct Conversation: Sendable {
    /// The messages, with the text parts of their contents joined.
    package var messages: [JSONValue]
    package var tools: [JSONValue]?
    package var documents: [JSONValue]?
    package var addsGenerationPrompt: Bool
    package var continuesFinalMessage: Bool
    package var addsSpecialTokens: Bool
    /// A template in place of the model's; only servers that trust their clients render it.
    package var template: String?
    /// Further variables for the template.
    package var templateVariables: JSONObject
    private let asksForGenerationPrompt: Bool?

    package init(messages: [JSONValue], reading reader: inout FieldReader) {
        self.messages = messages
        documents = reader.list("documents")
        asksForGenerationPrompt = reader.bool("add_generation_prompt")
        continuesFinalMessage = reader.bool("continue_final_message") ?? false
        addsGenerationPrompt = asksForGenerationPrompt ?? !continuesFinalMessage
        addsSpecialTokens = reader.bool("add_special_tokens") ?? false
        template = reader.string("chat_template")
        templateVariables = reader.object("chat_template_kwargs") ?? [:]
        if let effort = reader.string("reasoning_effort") {
            templateVariables["enable_thinking"] =
                templateVariables["enable_thinking"] ?? .bool(effort != "none")
            templateVariables["reasoning_effort"] =
                templateVariables["reasoning_effort"] ?? .string(effort)
        }
    }

    /// Reads the required `messages` member.
    static func messages(reading reader: inout FieldReader) -> [JSONValue]? {
        guard reader.members["messages"] != nil else {
            reader.reportMissing("messages")
            return nil
        }
        guard let elements = reader.list("messages") else {
            if reader.members["messages"] == .null {
                reader.report("list_type", "messages", "Input should be a valid list")
            }
            return nil
        }
        var messages: [JSONValue] = []
        for (index, element) in elements.enumerated() {
            guard let members = element.object else {
                reader.report(
                    "dict_type", "messages.\(index)", "Input should be a valid dictionary")
                continue
            }
            var nested = FieldReader(members, location: "body.messages.\(index)")
            messages.append(.object(message(reading: &nested)))
            reader.adopt(nested)
        }
        return messages
    }

    private static func message(reading reader: inout FieldReader) -> JSONObject {
        if reader.string("role") == nil, reader.issues.isEmpty { reader.reportMissing("role") }
        var members = reader.members
        if let reasoning = members.removeValue(forKey: "reasoning_content"),
            members["reasoning"] == nil
        {
            members["reasoning"] = reasoning
        }
        members["content"] = content(reading: &reader)
        return members
    }

    /// The content as one text: templates of text models expect a string, clients may send parts.
    private static func content(reading reader: inout FieldReader) -> JSONValue {
        guard let value = reader.value("content") else { return .null }
        if value.string != nil { return value }
        guard let parts = value.array else {
            reader.report("string_type", "content", "Input should be a valid string")
            return .null
        }
        var texts: [String] = []
        for part in parts {
            if let text = part.string {
                texts.append(text)
            } else if let text = part["text"]?.string ?? part["refusal"]?.string {
                texts.append(text)
            } else {
                let type = part["type"]?.string ?? part.kind
                reader.report(
                    "content_part", "content",
                    "This model takes text parts only, got \(type.prefix(64))")
            }
        }
        return .string(texts.joined(separator: "\n"))
    }

    package func check() throws(APIError) {
        if asksForGenerationPrompt == true, continuesFinalMessage {
            throw .badRequest(
                "Cannot set both `continue_final_message` and `add_generation_prompt` to True.")
        }
        guard !messages.isEmpty else {
            throw .badRequest("`messages` must not be empty.", param: "messages")
        }
    }
}
