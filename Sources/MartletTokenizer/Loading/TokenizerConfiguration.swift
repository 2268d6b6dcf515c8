import MartletJSON

/// What tokenizer_config.json and its companions say: the roles of tokens, the chat template, and
/// added tokens that tokenizer.json may lack.
struct TokenizerConfiguration: Sendable {
    private(set) var specialTokens: [String: String] = [:]
    private(set) var chatTemplate: String?
    private let added: [(id: Int, value: JSONValue)]
    private let file: String

    /// - Parameters:
    ///   - value: the content of tokenizer_config.json, or null.
    ///   - specialTokensMap: the content of special_tokens_map.json, or null; asked for roles that
    ///     the configuration does not name.
    ///   - template: the content of chat_template.jinja, which goes before the configuration's.
    init(
        _ value: JSONValue, specialTokensMap: JSONValue, template: String?,
        file: String = "tokenizer_config.json"
    ) throws(TokenizerError) {
        self.file = file
        if !value.isNull, value.members == nil {
            throw .invalid(
                file: file, field: "document", reason: "expected an object, found \(value.kind)")
        }
        for source in [specialTokensMap, value] {
            for (name, token) in source.members ?? [] where name.hasSuffix("_token") {
                if let text = token.string ?? token["content"]?.string {
                    specialTokens[name] = text
                }
            }
        }
        if let template {
            chatTemplate = template
        } else {
            chatTemplate = try Self.template(value["chat_template"] ?? .null, file)
        }
        added = (value["added_tokens_decoder"]?.members ?? []).compactMap { name, value in
            Int(name).map { ($0, value) }
        }.sorted { $0.0 < $1.0 }
    }

    /// A template, or the one named `default` of a list.
    private static func template(
        _ value: JSONValue, _ file: String
    ) throws(TokenizerError) -> String? {
        if value.isNull { return nil }
        if let text = value.string { return text }
        guard let list = value.array else {
            throw .invalid(
                file: file, field: "chat_template",
                reason: "expected a string or an array, found \(value.kind)")
        }
        let entry = list.first { $0["name"]?.string == "default" } ?? list.first
        return entry?["template"]?.string
    }

    /// The members of `added_tokens_decoder` in the order of their ids.
    var addedTokens: [TokenizerField] {
        added.map {
            TokenizerField(file: file, path: "added_tokens_decoder.\($0.id)", value: $0.value)
        }
    }
}
