/// A lexical unit of a template.
struct Token: Sendable {
    enum Kind: Hashable, Sendable {
        /// Text outside of tags.
        case data
        case variableBegin, variableEnd, blockBegin, blockEnd
        case name, string, integer, float, symbol
        case end
    }

    let kind: Kind
    /// The text of data, names and symbols, and the unescaped value of strings.
    let text: String
    /// The line it starts on, from 1.
    let line: Int
    /// The value of an integer or float literal.
    var number: Constant = .none

    func isName(_ name: String) -> Bool { kind == .name && text == name }

    func isSymbol(_ symbol: String) -> Bool { kind == .symbol && text == symbol }

    /// The token in words, for messages.
    var description: String {
        switch kind {
        case .data: "template data / text"
        case .variableBegin: "begin of print statement"
        case .variableEnd: "end of print statement"
        case .blockBegin: "begin of statement block"
        case .blockEnd: "end of statement block"
        case .string: "string"
        case .integer: "integer"
        case .float: "float"
        case .name, .symbol: text
        case .end: "end of template"
        }
    }
}
