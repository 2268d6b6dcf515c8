extension Parser {
    mutating func parseMacro() throws(TemplateError) -> Statement.Kind {
        let symbol = symbol(try parseTargetName())
        return .macro(
            try parseMacroRest(symbol: symbol, hasSignature: true, end: "endmacro") {
                _ throws(TemplateError) in
            })
    }

    mutating func parseCallBlock(line: Int) throws(TemplateError) -> Statement.Kind {
        var call: (Expression, CallArguments)?
        let hasSignature = current.isSymbol("(")
        let macro = try parseMacroRest(
            symbol: symbol("caller"), hasSignature: hasSignature, end: "endcall"
        ) { (parser: inout Parser) throws(TemplateError) in
            guard case .call(let callee, let arguments) = try parser.parseExpression().kind else {
                throw parser.failure("expected call", line: line)
            }
            call = (callee, arguments)
        }
        guard let call else { throw failure("expected call", line: line) }
        return .callBlock(macro, callee: call.0, call.1)
    }

    /// Parses the parameters, what `header` reads after them, and the body.
    private mutating func parseMacroRest(
        symbol: Symbol, hasSignature: Bool, end: String,
        header: (inout Parser) throws(TemplateError) -> Void
    ) throws(TemplateError) -> Macro {
        let (outerNames, wasSoft, loops) = (namesRead, isSoft, loopCount)
        namesRead = []
        isSoft = false
        let parameters = hasSignature ? try parseSignature() : []
        isSoft = wasSoft
        let parameterNames = namesRead
        namesRead = outerNames
        try header(&self)
        let headerNames = namesRead
        namesRead = []
        isSoft = false
        loopCount = 0
        let statements = try parseTagBody(until: [end])
        advance()
        let bodyNames = namesRead
        namesRead = headerNames.union(parameterNames).union(bodyNames)
        isSoft = wasSoft
        loopCount = loops
        return Macro(
            symbol: symbol, parameters: parameters, body: body(statements), namesRead: bodyNames)
    }

    private mutating func parseSignature() throws(TemplateError) -> [Macro.Parameter] {
        var parameters: [Macro.Parameter] = []
        try expect(symbol: "(")
        while !current.isSymbol(")") {
            if !parameters.isEmpty { try expect(symbol: ",") }
            let symbol = symbol(try parseTargetName())
            var defaultValue: Expression?
            if skip(symbol: "=") {
                defaultValue = try parseExpression()
            } else if parameters.last?.defaultValue != nil {
                throw failure("non-default argument follows default argument")
            } else if symbol.name == "caller" {
                throw failure("the special \"caller\" argument must have a default")
            }
            guard !parameters.contains(where: { $0.symbol == symbol }) else {
                throw failure("duplicate argument '\(symbol.name)'")
            }
            guard parameters.count < Self.maximumArgumentCount else {
                throw failure("too many parameters")
            }
            parameters.append(Macro.Parameter(symbol: symbol, defaultValue: defaultValue))
        }
        try expect(symbol: ")")
        return parameters
    }

    /// Reads a name that can be assigned to.
    mutating func parseTargetName() throws(TemplateError) -> String {
        let name = try expectName()
        guard !["true", "false", "none", "True", "False", "None"].contains(name) else {
            throw failure("can't assign to 'const'")
        }
        return name
    }

    /// Parses what `set`, `for` and `with` bind: names, separated by commas or nested in
    /// parentheses.
    mutating func parseTarget(
        until end: String? = nil, allowsAttributes: Bool = false
    ) throws(TemplateError) -> Target {
        var targets: [Target] = []
        var isTuple = false
        while !isTupleEnd(end) {
            targets.append(try parsePrimaryTarget(allowsAttributes: allowsAttributes))
            guard skip(symbol: ",") else { break }
            isTuple = true
        }
        if !isTuple, let target = targets.first { return target }
        guard isTuple else {
            throw failure("Expected an expression, got '\(current.description)'")
        }
        return .tuple(targets)
    }

    private mutating func parsePrimaryTarget(
        allowsAttributes: Bool
    ) throws(TemplateError) -> Target {
        if skip(symbol: "(") {
            try enter()
            defer { leave() }
            if skip(symbol: ")") { return .tuple([]) }
            let target = try parseTarget()
            try expect(symbol: ")")
            return target
        }
        guard current.kind == .name else { throw failure("can't assign to this") }
        let name = try parseTargetName()
        if allowsAttributes, skip(symbol: ".") {
            return .attribute(symbol(name), try expectName())
        }
        return .name(symbol(name))
    }
}

extension Target {
    /// Whether a variable called `name` is bound.
    func contains(_ name: String) -> Bool {
        switch self {
        case .name(let symbol): symbol.name == name
        case .attribute: false
        case .tuple(let targets): targets.contains { $0.contains(name) }
        }
    }
}
