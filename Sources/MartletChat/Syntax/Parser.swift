/// Turns tokens into statements.
///
/// - Source: jinja2 3.1 `parser.py` with the extensions that transformers turns on.
struct Parser {
    /// Nested parentheses, brackets, `not`s and signs, and nested statements.
    static let maximumNesting = 64
    /// The depth of an expression, which long chains reach without nesting.
    static let maximumExpressionDepth = 150

    /// The arguments of a call, and the parameters of a macro.
    static let maximumArgumentCount = 1_000

    private let tokens: [Token]
    private var index = 0
    private var nesting = 0
    private var symbolIndexes: [String: Int] = [:]
    private(set) var symbols: [String] = []
    /// Whether unknown filters and tests wait until they are used, as under an `if`.
    var isSoft = false
    /// Unknown filters and tests that no condition guards.
    var unresolved: [TemplateError] = []
    /// Loops around the current statement that `break` may leave.
    var loopCount = 0
    /// Loops around the current statement at all.
    var enclosingLoopCount = 0
    /// The names read since the innermost macro began.
    var namesRead: Set<String> = []

    private var frameCount = 1

    /// What a template consists of.
    struct Result: Sendable {
        let body: Body
        /// The names of the variables; a ``Symbol`` holds an index into it.
        let symbols: [String]
        /// The variables that are undefined at the start of each body, by the body's number.
        let hidden: [[Symbol]]
    }

    /// Parses a whole template.
    static func parse(
        _ source: String
    ) throws(TemplateError) -> Result {
        var parser = Parser(tokens: try Lexer.tokenize(source))
        for special in Symbol.special { _ = parser.symbol(special.name) }
        let body = Body(frame: 0, statements: try parser.parseBody(until: []))
        if let error = parser.unresolved.first { throw error }
        let analysis = FrameAnalysis(body, frameCount: parser.frameCount)
        return Result(body: body, symbols: parser.symbols, hidden: analysis.hidden)
    }

    private init(tokens: [Token]) { self.tokens = tokens }

    var current: Token { tokens[index] }

    var next: Token { tokens[min(index + 1, tokens.count - 1)] }

    mutating func advance() { index = min(index + 1, tokens.count - 1) }

    func failure(_ message: String, line: Int? = nil) -> TemplateError {
        .syntax(line: line ?? current.line, message: message)
    }

    mutating func skip(symbol: String) -> Bool {
        guard current.isSymbol(symbol) else { return false }
        advance()
        return true
    }

    mutating func skip(name: String) -> Bool {
        guard current.isName(name) else { return false }
        advance()
        return true
    }

    mutating func expect(symbol: String) throws(TemplateError) {
        guard skip(symbol: symbol) else { throw unexpected(symbol) }
    }

    mutating func expect(name: String) throws(TemplateError) {
        guard skip(name: name) else { throw unexpected(name) }
    }

    mutating func expect(_ kind: Token.Kind) throws(TemplateError) {
        guard current.kind == kind else {
            throw unexpected(Token(kind: kind, text: "name", line: 0).description)
        }
        advance()
    }

    /// Reads a name, whatever it is.
    mutating func expectName() throws(TemplateError) -> String {
        guard current.kind == .name else { throw unexpected("name") }
        defer { advance() }
        return current.text
    }

    private func unexpected(_ expected: String) -> TemplateError {
        current.kind == .end
            ? failure("unexpected end of template, expected '\(expected)'.")
            : failure("expected token '\(expected)', got '\(current.description)'")
    }

    mutating func symbol(_ name: String) -> Symbol {
        if let index = symbolIndexes[name] { return Symbol(index: index, name: name) }
        symbolIndexes[name] = symbols.count
        symbols.append(name)
        return Symbol(index: symbols.count - 1, name: name)
    }

    /// The statements as a body of their own.
    mutating func body(_ statements: [Statement]) -> Body {
        defer { frameCount += 1 }
        return Body(frame: frameCount, statements: statements)
    }

    mutating func enter() throws(TemplateError) {
        nesting += 1
        guard nesting <= Self.maximumNesting else { throw failure("too much nesting") }
    }

    mutating func leave() { nesting -= 1 }

    func make(_ kind: Expression.Kind) throws(TemplateError) -> Expression {
        let expression = Expression(kind)
        guard expression.depth <= Self.maximumExpressionDepth else {
            throw failure("expression too long")
        }
        return expression
    }
}
