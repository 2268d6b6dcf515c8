extension Parser {
    /// Parses a full expression, with `a if b else c`.
    mutating func parseExpression(
        allowsConditional: Bool = true
    ) throws(TemplateError) -> Expression {
        try enter()
        defer { leave() }
        return allowsConditional ? try parseConditional() : try parseOr()
    }

    private mutating func parseConditional() throws(TemplateError) -> Expression {
        let unresolvedCount = unresolved.count
        var result = try parseOr()
        while skip(name: "if") {
            let test = try parseOr()
            var otherwise: Expression?
            if skip(name: "else") {
                try enter()
                defer { leave() }
                otherwise = try parseConditional()
            }
            result = try make(.conditional(test: test, then: result, otherwise: otherwise))
            unresolved.removeLast(unresolved.count - unresolvedCount)
        }
        return result
    }

    private mutating func parseOr() throws(TemplateError) -> Expression {
        var left = try parseAnd()
        while skip(name: "or") { left = try make(.or(left, try parseAnd())) }
        return left
    }

    private mutating func parseAnd() throws(TemplateError) -> Expression {
        var left = try parseNot()
        while skip(name: "and") { left = try make(.and(left, try parseNot())) }
        return left
    }

    private mutating func parseNot() throws(TemplateError) -> Expression {
        guard skip(name: "not") else { return try parseComparison() }
        try enter()
        defer { leave() }
        return try make(.unary(.not, try parseNot()))
    }

    private mutating func parseComparison() throws(TemplateError) -> Expression {
        let left = try parseSum()
        var operands: [ComparisonOperand] = []
        while let comparison = skipComparison() {
            let right = try parseSum()
            operands.append(ComparisonOperand(comparison: comparison, expression: right))
        }
        return operands.isEmpty ? left : try make(.comparison(left, operands))
    }

    private mutating func skipComparison() -> Comparison? {
        if current.kind == .symbol {
            guard let comparison = Comparison(rawValue: current.text) else { return nil }
            advance()
            return comparison
        }
        if skip(name: "in") { return .contained }
        guard current.isName("not"), next.isName("in") else { return nil }
        advance()
        advance()
        return .notContained
    }

    private mutating func skipOperator(_ operators: [BinaryOperator]) -> BinaryOperator? {
        guard current.kind == .symbol,
            let found = operators.first(where: { $0.rawValue == current.text })
        else { return nil }
        advance()
        return found
    }

    private mutating func parseSum() throws(TemplateError) -> Expression {
        var left = try parseConcatenation()
        while let operation = skipOperator([.add, .subtract]) {
            left = try make(.binary(operation, left, try parseConcatenation()))
        }
        return left
    }

    private mutating func parseConcatenation() throws(TemplateError) -> Expression {
        var parts = [try parseProduct()]
        while skip(symbol: "~") { parts.append(try parseProduct()) }
        return parts.count == 1 ? parts[0] : try make(.concatenation(parts))
    }

    private mutating func parseProduct() throws(TemplateError) -> Expression {
        var left = try parsePower()
        while let operation = skipOperator([.multiply, .divide, .floorDivide, .remainder]) {
            left = try make(.binary(operation, left, try parsePower()))
        }
        return left
    }

    private mutating func parsePower() throws(TemplateError) -> Expression {
        var left = try parseUnary()
        while skip(symbol: "**") { left = try make(.binary(.power, left, try parseUnary())) }
        return left
    }

    private mutating func parseUnary(allowsFilters: Bool = true) throws(TemplateError) -> Expression
    {
        var node: Expression
        if current.isSymbol("-") || current.isSymbol("+") {
            let operation: UnaryOperator = current.isSymbol("-") ? .negate : .plus
            advance()
            try enter()
            defer { leave() }
            node = try make(.unary(operation, try parseUnary(allowsFilters: false)))
        } else {
            node = try parsePrimary()
        }
        node = try parsePostfix(node)
        return allowsFilters ? try parseFiltersAndTests(of: node) : node
    }

    /// Whether the current token ends a tuple that has no parentheses.
    func isTupleEnd(_ end: String?) -> Bool {
        switch current.kind {
        case .variableEnd, .blockEnd: true
        case .symbol: current.text == ")"
        case .name: current.text == end
        default: false
        }
    }

    /// Parses an expression, or several with commas between them as a tuple.
    mutating func parseTuple(
        allowsConditional: Bool = true, end: String? = nil, isParenthesized: Bool = false
    ) throws(TemplateError) -> Expression {
        var elements: [Expression] = []
        var isTuple = false
        while !isTupleEnd(end) {
            elements.append(try parseExpression(allowsConditional: allowsConditional))
            guard skip(symbol: ",") else { break }
            isTuple = true
        }
        if !isTuple, let element = elements.first { return element }
        guard isTuple || isParenthesized else {
            throw failure("Expected an expression, got '\(current.description)'")
        }
        return try make(.tuple(elements))
    }
}
