import MartletJSON

/// The parts of a tokenizer, shared by all copies of it. Immutable but for the scratch memory.
final class TokenizerStorage: Sendable {
    let normalizer: Normalizer?
    let added: AddedVocabulary
    let preTokenizer: PreTokenizer
    let model: BytePairModel
    let postProcessor: PostProcessor
    let decoderSteps: [DecoderStep]
    let configuration: TokenizerConfiguration
    let vocabularySize: Int
    /// What each id below ``vocabularySize`` is.
    let kinds: [TokenKind]
    /// The bytes of every token, where decoding is nothing but joining them.
    let byteTable: TokenTable?
    let scratches = EncodingScratchPool()

    init(
        document: TokenizerDocument, configuration: TokenizerConfiguration
    ) throws(TokenizerError) {
        let root = document.root
        let model = try Self.model(document)
        let normalizer = try root.optional("normalizer")?.normalizer()
        let added = AddedVocabulary(
            try Self.addedTokens(root, configuration), vocabulary: model.vocabulary,
            normalizer: normalizer)
        let decoderSteps = try root.optional("decoder")?.decoderSteps() ?? [.joinWithSpaces]
        let highest = added.tokens.keys.max().map { Int($0) + 1 } ?? 0
        let size = max(model.vocabulary.idLimit, highest)

        self.model = model
        self.normalizer = normalizer
        self.added = added
        self.decoderSteps = decoderSteps
        self.configuration = configuration
        preTokenizer = PreTokenizer(
            steps: try root.optional("pre_tokenizer")?.preTokenizerSteps() ?? [],
            modelAcceptsBytes: model.acceptsBytes)
        postProcessor = try root.optional("post_processor")?.postProcessor() ?? PostProcessor()
        vocabularySize = size
        kinds = (0..<Int32(size)).map { id in
            if added.tokens[id] != nil { return added.isSpecial(id) ? .special : .plain }
            return model.vocabulary.piece(of: id) == nil ? .none : .plain
        }
        if case .byteLevel? = decoderSteps.first, decoderSteps.count == 1 {
            byteTable = TokenTable(count: size) { id in
                Self.decodedPiece(of: id, added, model).map { ByteAlphabet.decode($0) }
            }
        } else {
            byteTable = nil
        }
    }

    private static func decodedPiece(
        of id: Int32, _ added: AddedVocabulary, _ model: BytePairModel
    ) -> ArraySlice<UInt8>? {
        added.decodedContent(of: id)?[...] ?? model.vocabulary.piece(of: id)
    }

    func decodedPiece(of id: Int32) -> [UInt8]? {
        Self.decodedPiece(of: id, added, model).map(Array.init)
    }
}

// MARK: - Reading the document

extension TokenizerStorage {
    private static func model(_ document: TokenizerDocument) throws(TokenizerError) -> BytePairModel
    {
        let field = try document.root.member("model")
        guard let kind = try field.optional("type")?.string() ?? (document.hasMerges ? "BPE" : nil)
        else { throw field.invalid("neither a type nor merges") }
        guard kind == "BPE" else { throw field.unsupported(kind) }
        guard document.hasVocabulary else {
            throw try field.member("vocab").invalid("expected an object of pieces and ids")
        }
        guard document.hasMerges else {
            throw try field.member("merges").invalid("expected an array of merges")
        }
        let options = try modelOptions(field)
        var failure = 0
        guard
            let merges = document.merges.table(
                vocabulary: document.vocabulary,
                prefixLength: options.continuingSubwordPrefix?.utf8.count ?? 0,
                failure: &failure)
        else {
            throw try field.member("merges").invalid(
                "merge \(failure) has a piece that is not in the vocabulary")
        }
        return BytePairModel(
            vocabulary: document.vocabulary, merges: merges, options: options)
    }

    private static func modelOptions(
        _ field: TokenizerField
    ) throws(TokenizerError) -> BytePairModel.Options {
        if let dropout = try field.optional("dropout"), dropout.value.double != 0 {
            throw .unsupported(file: field.file, field: dropout.path, kind: "dropout")
        }
        var options = BytePairModel.Options()
        options.unknownToken = try field.optional("unk_token")?.string()
        options.fusesUnknown = try field.flag("fuse_unk")
        options.fallsBackToBytes = try field.flag("byte_fallback")
        options.ignoresMerges = try field.flag("ignore_merges")
        options.continuingSubwordPrefix =
            try field.optional("continuing_subword_prefix")?.string()
        options.endOfWordSuffix = try field.optional("end_of_word_suffix")?.string()
        return options
    }

    /// The added tokens of the document, then those that only the configuration has.
    private static func addedTokens(
        _ root: TokenizerField, _ configuration: TokenizerConfiguration
    ) throws(TokenizerError) -> [AddedToken] {
        var tokens: [AddedToken] = []
        var contents: Set<[UInt8]> = []
        for field in try root.optional("added_tokens")?.elements() ?? [] {
            _ = try field.member("id").id()
            let token = try field.addedToken()
            contents.insert(Array(token.content.utf8))
            tokens.append(token)
        }
        for field in configuration.addedTokens {
            let token = try field.addedToken()
            if contents.insert(Array(token.content.utf8)).inserted { tokens.append(token) }
        }
        return tokens
    }
}

extension TokenizerField {
    fileprivate func addedToken() throws(TokenizerError) -> AddedToken {
        let content = try member("content")
        let text = try content.string()
        guard text.utf8.count <= AddedVocabulary.maximumContentLength else {
            throw content.invalid(
                "more than \(AddedVocabulary.maximumContentLength) bytes")
        }
        let isSpecial = try flag("special")
        return AddedToken(
            content: text, isSpecial: isSpecial, isSingleWord: try flag("single_word"),
            stripsLeft: try flag("lstrip"), stripsRight: try flag("rstrip"),
            isNormalized: try flag("normalized", missing: !isSpecial))
    }
}
