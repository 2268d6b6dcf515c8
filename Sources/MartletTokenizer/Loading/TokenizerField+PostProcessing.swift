import MartletJSON

extension TokenizerField {
    private static let maximumTemplates = 8

    func postProcessor() throws(TokenizerError) -> PostProcessor {
        PostProcessor(templates: try templates(nesting: 0))
    }

    private func templates(nesting: Int) throws(TokenizerError) -> [[PostProcessor.Piece]] {
        let kind = try kind()
        switch kind {
        case "ByteLevel": return []
        case "TemplateProcessing": return [try template()]
        case "BertProcessing", "RobertaProcessing":
            let first = try member("cls").tokenPair()
            return [[.tokens([first]), .sequence, .tokens([try member("sep").tokenPair()])]]
        case "Sequence":
            guard nesting < Self.maximumTemplates else { throw invalid("nested too deeply") }
            var result: [[PostProcessor.Piece]] = []
            for field in try member("processors").elements() {
                result += try field.templates(nesting: nesting + 1)
            }
            guard result.count <= Self.maximumTemplates else {
                throw invalid("more than \(Self.maximumTemplates) templates")
            }
            return result
        default: throw unsupported(kind)
        }
    }

    /// `["<s>", 1]`
    private func tokenPair() throws(TokenizerError) -> Int32 {
        let elements = try elements()
        guard elements.count == 2 else { throw invalid("expected a token and its id") }
        _ = try elements[0].string()
        return try elements[1].id()
    }

    private func template() throws(TokenizerError) -> [PostProcessor.Piece] {
        let specialTokens = try member("special_tokens")
        var pieces: [PostProcessor.Piece] = []
        var sequenceCount = 0
        for field in try member("single").elements() {
            if let sequence = try field.optional("Sequence") {
                let name = try sequence.member("id").string()
                guard name == "A" else {
                    throw sequence.invalid("sequence '\(name)' in the template for one text")
                }
                sequenceCount += 1
                // Each further mention doubles the text, again with each template.
                guard sequenceCount <= 2 else { throw field.invalid("the text a third time") }
                pieces.append(.sequence)
            } else if let token = try field.optional("SpecialToken") {
                pieces.append(
                    .tokens(try specialTokens.templateTokens(try token.member("id").string())))
            } else {
                throw field.invalid("expected 'Sequence' or 'SpecialToken'")
            }
        }
        return pieces
    }

    private func templateTokens(_ name: String) throws(TokenizerError) -> [Int32] {
        guard let token = try optional(name) else { throw invalid("no token '\(name)'") }
        var ids: [Int32] = []
        for field in try token.member("ids").elements() { ids.append(try field.id()) }
        return ids
    }
}
