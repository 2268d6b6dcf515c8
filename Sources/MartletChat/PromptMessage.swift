import MartletJSON
import OrderedCollections

/// A message on its way to a template: an object's members, in order.
struct PromptMessage {
    var members: [(name: String, value: JSONValue)] = []

    init(_ value: JSONValue, index: Int) throws(TemplateError) {
        guard let object = value.object else {
            throw .invalidPrompt(message: "messages[\(index)] must be an object, not \(value.kind)")
        }
        for (name, value) in object { members.append((name, value)) }
    }

    init() {}

    /// The member of that name; setting nil removes it, setting a new one puts it at the end.
    subscript(name: String) -> JSONValue? {
        get { members.first { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append((name, value))
            case (nil, nil): break
            }
        }
    }

    var value: JSONValue {
        var object: JSONObject = [:]
        for (name, value) in members { object[name] = value }
        return .object(object)
    }
}

extension PromptMessage {
    /// Joins content in parts to one text where the template wants text, and puts parts into their
    /// plain form where it walks over them.
    mutating func resolveParts(for format: ContentFormat, index: Int) throws(TemplateError) {
        guard case .array(let parts)? = self["content"] else { return }
        var texts: [String] = []
        for (partIndex, part) in parts.enumerated() {
            let place = "messages[\(index)].content[\(partIndex)]"
            texts.append(try Self.text(of: part, place: place))
        }
        self["content"] =
            format == .string
            ? .string(texts.joined(separator: "\n"))
            : .array(texts.map { ["type": "text", "text": .string($0)] })
    }

    private static func text(of part: JSONValue, place: String) throws(TemplateError) -> String {
        if let text = part.string { return text }
        guard part.object != nil else {
            throw .invalidPrompt(message: "\(place) must be an object, not \(part.kind)")
        }
        let type = part["type"]?.string ?? "text"
        let member = type == "refusal" ? "refusal" : "text"
        guard ["text", "input_text", "output_text", "refusal"].contains(type) else {
            throw .invalidPrompt(
                message: "\(place): parts of type '\(type)' are not supported by this model")
        }
        guard let text = part[member]?.string else {
            throw .invalidPrompt(message: "\(place).\(member) must be a string")
        }
        return text
    }

    /// The names under which callers pass a message's reasoning.
    static let reasoningNames = ["reasoning_content", "thinking", "reasoning"]

    /// Gives reasoning that came under any name the names that templates read.
    mutating func aliasReasoning() {
        var found: JSONValue?
        for name in Self.reasoningNames where found == nil {
            if let value = self[name], !value.isNull { found = value }
        }
        guard let found else { return }
        if self["thinking"] == nil { members.insert(("thinking", found), at: 0) }
        self["reasoning_content"] = found
    }
}
