extension Parser {
    /// Parses filters, tests and calls after `node`.
    mutating func parseFiltersAndTests(of node: Expression) throws(TemplateError) -> Expression {
        var node = node
        while true {
            if current.isSymbol("|") {
                node = try parseFilters(of: node) ?? node
            } else if current.isName("is") {
                node = try parseTest(of: node)
            } else if current.isSymbol("(") {
                node = try make(.call(node, try parseArguments()))
            } else {
                return node
            }
        }
    }

    /// Parses `|name(…)|name(…)` after `operand`; with `startsInline` the first bar is missing.
    mutating func parseFilters(
        of operand: Expression?, startsInline: Bool = false
    ) throws(TemplateError) -> Expression? {
        var node = operand
        var isInline = startsInline
        while isInline || current.isSymbol("|") {
            if !isInline { advance() }
            isInline = false
            let line = current.line
            let name = try parseDottedName()
            let arguments = current.isSymbol("(") ? try parseArguments() : .none
            let reference = FilterReference(name: name, filter: Filter(rawValue: name))
            if reference.filter == nil, !isSoft {
                unresolved.append(failure("No filter named '\(name)'.", line: line))
            }
            node = try make(.filter(node, reference, arguments))
        }
        return node
    }

    private mutating func parseDottedName() throws(TemplateError) -> String {
        var name = try expectName()
        while skip(symbol: ".") { name += "." + (try expectName()) }
        return name
    }

    private mutating func parseTest(of node: Expression) throws(TemplateError) -> Expression {
        advance()
        let isNegated = skip(name: "not")
        let line = current.line
        let name = try parseDottedName()
        let arguments = try parseTestArguments()
        let reference = TestReference(name: name, test: Test(rawValue: name))
        if reference.test == nil, !isSoft {
            unresolved.append(failure("No test named '\(name)'.", line: line))
        }
        let test = try make(.test(node, reference, arguments))
        return isNegated ? try make(.unary(.not, test)) : test
    }

    /// Parses a test's arguments: in parentheses, or one operand without.
    private mutating func parseTestArguments() throws(TemplateError) -> CallArguments {
        if current.isSymbol("(") { return try parseArguments() }
        switch current.kind {
        case .name:
            guard !["else", "or", "and"].contains(current.text) else { return .none }
            guard current.text != "is" else {
                throw failure("You cannot chain multiple tests with is")
            }
        case .string, .integer, .float: break
        case .symbol:
            guard current.text == "[" || current.text == "{" else { return .none }
        default: return .none
        }
        let operand = try parsePostfix(try parsePrimary())
        return CallArguments(positional: [operand])
    }
}
