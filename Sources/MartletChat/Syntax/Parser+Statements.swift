extension Parser {
    /// Parses statements up to a tag named in `ends`, whose name becomes the current token; with no
    /// names, up to the end of the template.
    mutating func parseBody(until ends: [String]) throws(TemplateError) -> [Statement] {
        try enter()
        defer { leave() }
        var body: [Statement] = []
        while true {
            let line = current.line
            switch current.kind {
            case .data:
                body.append(Statement(line: line, kind: .text(current.text)))
                advance()
            case .variableBegin:
                advance()
                body.append(Statement(line: line, kind: .print(try parseTuple())))
                try expect(.variableEnd)
            case .blockBegin:
                advance()
                if current.kind == .name, ends.contains(current.text) { return body }
                body.append(contentsOf: try parseStatement(ends: ends))
                try expect(.blockEnd)
            default:
                guard ends.isEmpty else {
                    let wanted = ends.map { "'\($0)'" }.joined(separator: " or ")
                    throw failure(
                        "Unexpected end of template. Jinja was looking for the following tags: "
                            + "\(wanted).")
                }
                return body
            }
        }
    }

    /// Parses the end of a tag and its body up to a tag named in `ends`.
    mutating func parseTagBody(until ends: [String]) throws(TemplateError) -> [Statement] {
        _ = skip(symbol: ":")
        try expect(.blockEnd)
        return try parseBody(until: ends)
    }

    /// As ``parseTagBody(until:)`` for a body with variables of its own, past the closing tag's
    /// name.
    private mutating func parseScopedBody(until end: String) throws(TemplateError) -> Body {
        let wasSoft = isSoft
        isSoft = false
        defer { isSoft = wasSoft }
        let statements = try parseTagBody(until: [end])
        advance()
        return body(statements)
    }

    private mutating func parseStatement(ends: [String]) throws(TemplateError) -> [Statement] {
        let line = current.line
        guard current.kind == .name else { throw failure("tag name expected") }
        let name = current.text
        advance()
        switch name {
        case "print": return try parsePrint(line: line)
        case "include", "import", "from", "extends", "block", "autoescape":
            throw .unsupported(line: line, feature: "the tag '\(name)'")
        default: break
        }
        let kind: Statement.Kind =
            switch name {
            case "if": try parseIf(line: line)
            case "for": try parseFor()
            case "set": try parseSet()
            case "macro": try parseMacro()
            case "call": try parseCallBlock(line: line)
            case "filter": try parseFilterBlock()
            case "with": try parseWith()
            case "generation": try parseGeneration()
            case "break", "continue": try parseLoopControl(name)
            default:
                throw failure("Encountered unknown tag '\(name)'.", line: line)
            }
        return [Statement(line: line, kind: kind)]
    }

    private mutating func parsePrint(line: Int) throws(TemplateError) -> [Statement] {
        var statements: [Statement] = []
        while current.kind != .blockEnd {
            if !statements.isEmpty { try expect(symbol: ",") }
            let expression = try parseExpression()
            statements.append(Statement(line: line, kind: .print(expression)))
        }
        return statements
    }

    private mutating func parseIf(line: Int) throws(TemplateError) -> Statement.Kind {
        let wasSoft = isSoft
        isSoft = true
        defer { isSoft = wasSoft }
        var branches: [Statement.Branch] = []
        var line = line
        while true {
            let test = try parseTuple(allowsConditional: false)
            let body = try parseTagBody(until: ["elif", "else", "endif"])
            branches.append(Statement.Branch(line: line, test: test, body: body))
            let end = current.text
            line = current.line
            advance()
            if end == "elif" { continue }
            guard end == "else" else { return .condition(branches, otherwise: []) }
            let otherwise = try parseTagBody(until: ["endif"])
            advance()
            return .condition(branches, otherwise: otherwise)
        }
    }

    private mutating func parseFor() throws(TemplateError) -> Statement.Kind {
        let target = try parseTarget(until: "in")
        try expect(name: "in")
        let iterable = try parseTuple(allowsConditional: false, end: "recursive")
        let wasSoft = isSoft
        isSoft = false
        defer { isSoft = wasSoft }
        let filter = skip(name: "if") ? try parseExpression() : nil
        let isRecursive = skip(name: "recursive")
        loopCount += 1
        enclosingLoopCount += 1
        if target.contains("loop") { throw cannotAssignLoop }
        let statements = try parseTagBody(until: ["endfor", "else"])
        loopCount -= 1
        enclosingLoopCount -= 1
        var otherwise: [Statement] = []
        if current.text == "else" {
            advance()
            otherwise = try parseTagBody(until: ["endfor"])
        }
        advance()
        return .loop(
            Loop(
                target: target, iterable: iterable, filter: filter, isRecursive: isRecursive,
                body: body(statements), otherwise: body(otherwise)))
    }

    var cannotAssignLoop: TemplateError {
        failure("Can't assign to special loop variable in for-loop")
    }

    private mutating func parseSet() throws(TemplateError) -> Statement.Kind {
        let target = try parseTarget(allowsAttributes: true)
        if enclosingLoopCount > 0, target.contains("loop") { throw cannotAssignLoop }
        if skip(symbol: "=") { return .assign(target, try parseTuple()) }
        let wasSoft = isSoft
        isSoft = false
        defer { isSoft = wasSoft }
        let filter = try parseFilters(of: nil)
        return .assignBlock(target, filter: filter, body: try parseScopedBody(until: "endset"))
    }

    private mutating func parseFilterBlock() throws(TemplateError) -> Statement.Kind {
        let wasSoft = isSoft
        isSoft = false
        defer { isSoft = wasSoft }
        guard let filter = try parseFilters(of: nil, startsInline: true) else {
            throw failure("expected a filter")
        }
        return .filterBlock(filter, body: try parseScopedBody(until: "endfilter"))
    }

    private mutating func parseWith() throws(TemplateError) -> Statement.Kind {
        var assignments: [Statement.Assignment] = []
        while current.kind != .blockEnd {
            if !assignments.isEmpty { try expect(symbol: ",") }
            let target = try parseTarget()
            try expect(symbol: "=")
            let value = try parseExpression()
            assignments.append(Statement.Assignment(target: target, value: value))
        }
        return .with(assignments, body: try parseScopedBody(until: "endwith"))
    }

    private mutating func parseGeneration() throws(TemplateError) -> Statement.Kind {
        let loops = loopCount
        loopCount = 0
        defer { loopCount = loops }
        return .scoped(try parseScopedBody(until: "endgeneration"))
    }

    private func parseLoopControl(_ name: String) throws(TemplateError) -> Statement.Kind {
        guard loopCount > 0 else { throw failure("'\(name)' outside loop") }
        return name == "break" ? .breakLoop : .continueLoop
    }
}
