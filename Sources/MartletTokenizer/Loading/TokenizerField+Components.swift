import MartletJSON

/// Building the parts of a tokenizer from their members in tokenizer.json.
extension TokenizerField {
    /// Sequences of sequences end here.
    private static let maximumNesting = 8

    private func members(
        _ name: String, _ nesting: Int
    ) throws(TokenizerError) -> [TokenizerField] {
        guard nesting < Self.maximumNesting else {
            throw invalid("more than \(Self.maximumNesting) nested sequences")
        }
        return try member(name).elements()
    }

    func normalizer(nesting: Int = 0) throws(TokenizerError) -> Normalizer {
        let kind = try kind()
        switch kind {
        case "NFC": return .unicode(.nfc)
        case "NFD": return .unicode(.nfd)
        case "NFKC": return .unicode(.nfkc)
        case "NFKD": return .unicode(.nfkd)
        case "Lowercase": return .lowercase
        case "StripAccents": return .stripAccents
        case "ByteLevel": return .byteAlphabet
        case "Prepend": return .prepend(Array(try member("prepend").string().utf8))
        case "Replace":
            let content = Array(try member("content").string().utf8)
            return .replace(try member("pattern").pattern(), with: content)
        case "Strip":
            return .strip(
                left: try member("strip_left").bool(), right: try member("strip_right").bool())
        case "Sequence":
            var members: [Normalizer] = []
            for field in try self.members("normalizers", nesting) {
                members.append(try field.normalizer(nesting: nesting + 1))
            }
            return .sequence(members)
        default: throw unsupported(kind)
        }
    }

    func preTokenizerSteps(nesting: Int = 0) throws(TokenizerError) -> [PreTokenizer.Step] {
        let kind = try kind()
        switch kind {
        case "Sequence":
            var steps: [PreTokenizer.Step] = []
            for field in try members("pretokenizers", nesting) {
                steps += try field.preTokenizerSteps(nesting: nesting + 1)
            }
            guard steps.count <= PreTokenizer.maximumStepCount else {
                throw invalid("more than \(PreTokenizer.maximumStepCount) steps")
            }
            return steps
        case "ByteLevel": return try byteLevelSteps()
        case "Split":
            let isInverted = try flag("invert")
            let behavior = try member("behavior").splitBehavior()
            return [.split(try member("pattern").pattern(), behavior, isInverted: isInverted)]
        case "Digits":
            let isIndividual = try flag("individual_digits")
            return [.splitAtScalars(.number, isIndividual ? .isolated : .contiguous)]
        case "Whitespace":
            return [.split(try builtIn(#"\w+|[^\w\s]+"#), .removed, isInverted: true)]
        case "WhitespaceSplit": return [.splitAtScalars(.whitespace, .removed)]
        case "Punctuation":
            let behavior = try optional("behavior")?.splitBehavior() ?? .isolated
            return [.splitAtScalars(.punctuation, behavior)]
        case "CharDelimiterSplit":
            let delimiter = try member("delimiter").scalar()
            return [.splitAtScalars(ScalarSet(delimiter.value), .removed)]
        case "BertPreTokenizer":
            return [
                .splitAtScalars(.whitespace, .removed), .splitAtScalars(.punctuation, .isolated),
            ]
        case "Metaspace": return [.metaspace(try metaspace())]
        default: throw unsupported(kind)
        }
    }

    private func byteLevelSteps() throws(TokenizerError) -> [PreTokenizer.Step] {
        var steps: [PreTokenizer.Step] = []
        if try flag("add_prefix_space", missing: true) { steps.append(.prefixSpace) }
        if try flag("use_regex", missing: true) {
            let pattern = try builtIn(
                #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#)
            steps.append(.split(pattern, .isolated, isInverted: false))
        }
        return steps + [.byteAlphabet]
    }

    private func builtIn(_ text: String) throws(TokenizerError) -> Pattern {
        do throws(PatternError) {
            return try Pattern(text)
        } catch {
            throw .pattern(file: file, field: path, error)
        }
    }

    private func splitBehavior() throws(TokenizerError) -> SplitBehavior {
        let name = try string()
        guard let behavior = SplitBehavior(rawValue: name) else {
            throw .unsupported(file: file, field: path, kind: "'\(name)'")
        }
        return behavior
    }

    private func metaspace() throws(TokenizerError) -> PreTokenizer.Metaspace {
        var scheme = PreTokenizer.Metaspace.PrependScheme.always
        if let field = try optional("prepend_scheme") {
            let name = try field.string()
            guard let known = PreTokenizer.Metaspace.PrependScheme(rawValue: name) else {
                throw .unsupported(file: file, field: field.path, kind: "'\(name)'")
            }
            scheme = known
        }
        if try !flag("add_prefix_space", missing: true) { scheme = .never }
        return PreTokenizer.Metaspace(
            replacement: try member("replacement").scalar(), prependScheme: scheme,
            splits: try flag("split", missing: true))
    }

    func decoderSteps(nesting: Int = 0) throws(TokenizerError) -> [DecoderStep] {
        let kind = try kind()
        switch kind {
        case "Sequence":
            var steps: [DecoderStep] = []
            for field in try members("decoders", nesting) {
                steps += try field.decoderSteps(nesting: nesting + 1)
            }
            return steps
        case "ByteLevel": return [.byteLevel]
        case "ByteFallback": return [.byteFallback]
        case "Fuse": return [.fuse]
        case "Replace":
            let content = Array(try member("content").string().utf8)
            return [.replace(try member("pattern").pattern(), with: content)]
        case "Strip":
            return [
                .strip(
                    try member("content").scalar(), start: try member("start").count(),
                    stop: try member("stop").count())
            ]
        case "Metaspace":
            let metaspace = try metaspace()
            return [
                .metaspace(
                    metaspace.replacement, dropsInFirst: metaspace.prependScheme != .never)
            ]
        default: throw unsupported(kind)
        }
    }
}
