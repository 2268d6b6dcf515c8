import MartletJSON
import OrderedCollections

extension ChatPrompt {
    /// The prompt with messages as an OpenAI-compatible server hands them to a template: missing
    /// content is empty, content is in the template's format, and the arguments of tool calls,
    /// which come as JSON text, are objects.
    ///
    /// - Throws: ``TemplateError/invalidPrompt(message:)`` for messages of the wrong shape and
    ///   arguments that are not JSON.
    /// - Source: vLLM `entrypoints/chat_utils.py`, `parse_chat_messages`.
    package func normalized(for format: ContentFormat) throws(TemplateError) -> ChatPrompt {
        var result = self
        for (index, value) in messages.enumerated() {
            var message = try PromptMessage(value, index: index)
            switch message["content"] {
            case nil, .null?: message["content"] = format == .string ? "" : []
            case .string(let text)? where format == .openAI:
                message["content"] = [["type": "text", "text": .string(text)]]
            default: try message.resolveParts(for: format, index: index)
            }
            try message.parseToolCalls(index: index)
            result.messages[index] = message.value
        }
        return result
    }
}

extension PromptMessage {
    /// Parses the arguments of an assistant's tool calls; an empty list of calls goes away.
    fileprivate mutating func parseToolCalls(index: Int) throws(TemplateError) {
        guard self["role"]?.string == "assistant", let value = self["tool_calls"] else { return }
        guard !value.isNull, value != [] else {
            self["tool_calls"] = nil
            return
        }
        let place = "messages[\(index)].tool_calls"
        guard let calls = value.array else {
            throw .invalidPrompt(message: "\(place) must be an array, not \(value.kind)")
        }
        var parsed: [JSONValue] = []
        for (callIndex, call) in calls.enumerated() {
            let place = "\(place)[\(callIndex)]"
            guard var object = call.object, var function = call["function"]?.object else {
                throw .invalidPrompt(message: "\(place).function must be an object")
            }
            function["arguments"] = try Self.arguments(
                call["function"]?["arguments"], place: "\(place).function.arguments")
            object["function"] = .object(function)
            parsed.append(.object(object))
        }
        self["tool_calls"] = .array(parsed)
    }

    private static func arguments(
        _ value: JSONValue?, place: String
    ) throws(TemplateError) -> JSONValue {
        switch value {
        case nil, .null?, "": return [:]
        case .string(let text)?:
            do throws(JSONError) {
                return try JSONValue(parsing: text)
            } catch {
                throw .invalidPrompt(message: "\(place): \(error.reason)")
            }
        case let value?: return value
        }
    }
}
