import MartletJSON

/// A value in a tokenizer file, with its place for error messages.
struct TokenizerField {
    let file: String
    /// The names from the top of the document, joined by dots.
    let path: String
    let value: JSONValue

    func invalid(_ reason: String) -> TokenizerError {
        .invalid(file: file, field: path, reason: reason)
    }

    private func expected(_ what: String) -> TokenizerError {
        invalid("expected \(what), found \(value.kind)")
    }

    /// The member `name`; a null value where it is missing.
    func member(_ name: String) throws(TokenizerError) -> TokenizerField {
        guard case .object = value else { throw expected("an object") }
        let path = path.isEmpty ? name : "\(path).\(name)"
        return TokenizerField(file: file, path: path, value: value[name] ?? .null)
    }

    /// The member `name`; nil where it is missing or null.
    func optional(_ name: String) throws(TokenizerError) -> TokenizerField? {
        let field = try member(name)
        return field.value.isNull ? nil : field
    }

    func string() throws(TokenizerError) -> String {
        guard let string = value.string else { throw expected("a string") }
        return string
    }

    func bool() throws(TokenizerError) -> Bool {
        guard let bool = value.bool else { throw expected("true or false") }
        return bool
    }

    /// The member `name` as a flag, or `missing` where there is none.
    func flag(_ name: String, missing: Bool = false) throws(TokenizerError) -> Bool {
        try optional(name)?.bool() ?? missing
    }

    /// A token id.
    func id() throws(TokenizerError) -> Int32 {
        guard let integer = value.integer else { throw expected("a token id") }
        guard (0...Vocabulary.maximumID).contains(integer) else {
            throw invalid("\(integer) is not a token id (0 to \(Vocabulary.maximumID))")
        }
        return Int32(integer)
    }

    func count() throws(TokenizerError) -> Int {
        guard let integer = value.integer else { throw expected("a number") }
        guard (0...1_000_000).contains(integer) else { throw invalid("out of range") }
        return integer
    }

    /// A string of exactly one Unicode scalar.
    func scalar() throws(TokenizerError) -> Unicode.Scalar {
        let scalars = try string().unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first else {
            throw invalid("expected one character")
        }
        return scalar
    }

    func elements() throws(TokenizerError) -> [TokenizerField] {
        guard let array = value.array else { throw expected("an array") }
        return array.enumerated().map { index, value in
            TokenizerField(file: file, path: "\(path)[\(index)]", value: value)
        }
    }

    func kind() throws(TokenizerError) -> String {
        try member("type").string()
    }

    func unsupported(_ kind: String) -> TokenizerError {
        .unsupported(file: file, field: "\(path).type", kind: "'\(kind)'")
    }

    /// A pattern as `{"String": "..."}` or `{"Regex": "..."}`.
    func pattern() throws(TokenizerError) -> Pattern {
        do throws(PatternError) {
            if let text = value["String"]?.string { return try Pattern(literal: text) }
            if let text = value["Regex"]?.string { return try Pattern(text) }
        } catch {
            throw .pattern(file: file, field: path, error)
        }
        throw expected("an object with the member 'String' or 'Regex'")
    }
}
