package import MartletJSON

/// Turns text into token ids and back, as the model's tokenizer.json says.
///
/// Yields the same ids as Hugging Face's `tokenizers` for byte-pair models. Copies share one
/// immutable storage, and any number of threads may use it at once.
package struct Tokenizer: Sendable {
    let storage: TokenizerStorage

    /// Reads `tokenizer.json` of a directory and, where they exist, `tokenizer_config.json`,
    /// `special_tokens_map.json` and `chat_template.jinja`.
    ///
    /// - Throws: ``TokenizerError`` for what cannot be read or is not supported.
    package init(directory: String) throws(TokenizerError) {
        storage = try TokenizerStorage(directory: directory)
    }

    /// Makes a tokenizer of documents in memory.
    ///
    /// Strings that Swift takes for equal (`é` in one scalar and in two) are one member of a
    /// `JSONValue`; ``init(directory:)`` keeps such pieces of a vocabulary apart.
    ///
    /// - Parameters:
    ///   - tokenizerJSON: the content of tokenizer.json.
    ///   - configuration: the content of tokenizer_config.json.
    ///   - file: the name that errors give to the first document.
    package init(
        tokenizerJSON: JSONValue, configuration: JSONValue?, file: String
    ) throws(TokenizerError) {
        storage = try TokenizerStorage(
            document: TokenizerDocument(tokenizerJSON, file: file),
            configuration: TokenizerConfiguration(
                configuration ?? .null, specialTokensMap: .null, template: nil))
    }

    /// One more than the highest id, added tokens included.
    package var vocabularySize: Int { storage.vocabularySize }

    /// The id of a raw piece (`Ġmain`) or of an added token.
    package func id(of token: String) -> Int32? {
        let bytes = Array(token.utf8)
        return storage.added.id(of: bytes) ?? storage.model.vocabulary.id(of: bytes)
    }

    /// The raw piece of an id, as it stands in the vocabulary (`Ġmain`); nil for an unknown id.
    package func piece(of id: Int32) -> String? {
        if let token = storage.added.tokens[id] { return token.content }
        return storage.model.vocabulary.piece(of: id).map { String(decoding: $0, as: UTF8.self) }
    }

    /// Whether an id is a special token, which ``decode(_:skipSpecialTokens:)`` can leave out.
    package func isSpecial(_ id: Int32) -> Bool {
        id >= 0 && Int(id) < storage.kinds.count && storage.kinds[Int(id)] == .special
    }

    /// The token that a text begins with, as the configuration names it.
    package var beginningOfSequence: (id: Int32, text: String)? { named("bos_token") }

    /// The token that a text ends with, as the configuration names it.
    package var endOfSequence: (id: Int32, text: String)? { named("eos_token") }

    private func named(_ name: String) -> (id: Int32, text: String)? {
        guard let text = specialTokens[name], let id = id(of: text) else { return nil }
        return (id, text)
    }

    /// The texts of the tokens with a role, by role: `bos_token`, `eos_token`, `unk_token`,
    /// `pad_token` and whatever else the configuration names.
    package var specialTokens: [String: String] { storage.configuration.specialTokens }

    /// The chat template that comes with the tokenizer, in Jinja.
    package var chatTemplate: String? { storage.configuration.chatTemplate }
}
