extension Parser {
    mutating func parsePrimary() throws(TemplateError) -> Expression {
        let token = current
        switch token.kind {
        case .name:
            advance()
            return try parseName(token.text)
        case .string:
            var text = ""
            while current.kind == .string {
                text += current.text
                advance()
            }
            return try make(.constant(.string(text)))
        case .integer, .float:
            advance()
            return try make(.constant(token.number))
        case .symbol: break
        default: throw failure("unexpected '\(token.description)'")
        }
        switch token.text {
        case "(":
            advance()
            let tuple = try parseTuple(isParenthesized: true)
            try expect(symbol: ")")
            return tuple
        case "[":
            advance()
            return try make(.list(try parseElements(until: "]")))
        case "{":
            advance()
            return try parseDictionary()
        default: throw failure("unexpected '\(token.description)'")
        }
    }

    private mutating func parseName(_ name: String) throws(TemplateError) -> Expression {
        switch name {
        case "true", "True": return try make(.constant(.bool(true)))
        case "false", "False": return try make(.constant(.bool(false)))
        case "none", "None": return try make(.constant(.none))
        default:
            namesRead.insert(name)
            return try make(.name(symbol(name)))
        }
    }

    private mutating func parseElements(
        until end: String
    ) throws(TemplateError) -> [Expression] {
        var elements: [Expression] = []
        while !current.isSymbol(end) {
            if !elements.isEmpty { try expect(symbol: ",") }
            if current.isSymbol(end) { break }
            elements.append(try parseExpression())
        }
        try expect(symbol: end)
        return elements
    }

    private mutating func parseDictionary() throws(TemplateError) -> Expression {
        var entries: [DictionaryEntry] = []
        while !current.isSymbol("}") {
            if !entries.isEmpty { try expect(symbol: ",") }
            if current.isSymbol("}") { break }
            let key = try parseExpression()
            try expect(symbol: ":")
            entries.append(DictionaryEntry(key: key, value: try parseExpression()))
        }
        try expect(symbol: "}")
        return try make(.dictionary(entries))
    }

    /// Parses attributes, subscripts and calls after `node`.
    mutating func parsePostfix(_ node: Expression) throws(TemplateError) -> Expression {
        var node = node
        while current.kind == .symbol {
            switch current.text {
            case ".": node = try parseAttribute(of: node)
            case "[": node = try parseSubscript(of: node)
            case "(": node = try make(.call(node, try parseArguments()))
            default: return node
            }
        }
        return node
    }

    private mutating func parseAttribute(of node: Expression) throws(TemplateError) -> Expression {
        advance()
        let token = current
        advance()
        switch token.kind {
        case .name:
            return try make(
                .attribute(node, name: token.text, method: Method(rawValue: token.text)))
        case .integer: return try make(.item(node, try make(.constant(token.number))))
        default: throw failure("expected name or number", line: token.line)
        }
    }

    private mutating func parseSubscript(of node: Expression) throws(TemplateError) -> Expression {
        advance()
        var indexes: [Expression] = []
        while !current.isSymbol("]") {
            if !indexes.isEmpty { try expect(symbol: ",") }
            var start: Expression?
            if !current.isSymbol(":") {
                let index = try parseExpression()
                guard current.isSymbol(":") else {
                    indexes.append(index)
                    continue
                }
                start = index
            }
            let slice = try parseSlice(from: start)
            guard indexes.isEmpty, current.isSymbol("]") else {
                throw failure("a slice must be the only subscript")
            }
            advance()
            return try make(.slice(node, slice))
        }
        try expect(symbol: "]")
        let index = indexes.count == 1 ? indexes[0] : try make(.tuple(indexes))
        return try make(.item(node, index))
    }

    private mutating func parseSlice(from start: Expression?) throws(TemplateError) -> Slice {
        try expect(symbol: ":")
        var stop: Expression?
        var step: Expression?
        if !isSliceEnd, !current.isSymbol(":") { stop = try parseExpression() }
        if skip(symbol: ":"), !isSliceEnd { step = try parseExpression() }
        return Slice(start: start, stop: stop, step: step)
    }

    private var isSliceEnd: Bool { current.isSymbol("]") || current.isSymbol(",") }

    /// Parses arguments in parentheses; the current token is the opening one.
    mutating func parseArguments() throws(TemplateError) -> CallArguments {
        try expect(symbol: "(")
        let start = current.line
        var positional: [Expression] = []
        var named: [(name: String, value: Expression)] = []
        var splat: Expression?
        var namedSplat: Expression?
        var needsComma = false
        while !current.isSymbol(")") {
            if needsComma {
                try expect(symbol: ",")
                if current.isSymbol(")") { break }
            }
            let isValid: Bool
            if skip(symbol: "*") {
                isValid = splat == nil && namedSplat == nil
                splat = try parseExpression()
            } else if skip(symbol: "**") {
                isValid = namedSplat == nil
                namedSplat = try parseExpression()
            } else if current.kind == .name, next.isSymbol("=") {
                let name = current.text
                isValid = namedSplat == nil && !named.contains { $0.name == name }
                advance()
                advance()
                named.append((name, try parseExpression()))
            } else {
                isValid = splat == nil && namedSplat == nil && named.isEmpty
                positional.append(try parseExpression())
            }
            guard positional.count + named.count <= Self.maximumArgumentCount else {
                throw failure("too many arguments")
            }
            guard isValid else {
                throw failure("invalid syntax for function call expression", line: start)
            }
            needsComma = true
        }
        try expect(symbol: ")")
        return CallArguments(
            positional: positional, named: named, splat: splat, namedSplat: namedSplat)
    }
}
