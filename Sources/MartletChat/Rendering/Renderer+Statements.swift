extension Renderer {
    /// How a list of statements ended.
    enum Flow { case normal, leaveLoop, nextRound }

    func execute(_ statements: [Statement]) throws(TemplateError) -> Flow {
        for statement in statements {
            line = statement.line
            let flow = try execute(statement)
            if flow != .normal { return flow }
        }
        return .normal
    }

    private func execute(_ statement: Statement) throws(TemplateError) -> Flow {
        switch statement.kind {
        case .text(let text): try write(text)
        case .print(let expression): try write(try text(of: try evaluate(expression)))
        case .condition(let branches, let otherwise):
            return try executeCondition(branches, otherwise: otherwise)
        case .loop(let loop): return try executeLoop(loop)
        case .assign(let target, let expression):
            try charge()
            try bind(target, try evaluate(expression))
        case .assignBlock(let target, let filter, let body):
            var (flow, value) = try capture(body)
            guard flow == .normal else { return flow }
            if let filter { value = try apply(filter, to: value) }
            try bind(target, value)
        case .macro(let macro): scope.bind(macro.symbol, makeMacro(macro))
        case .callBlock(let macro, let callee, let arguments):
            try executeCallBlock(macro, callee: callee, arguments)
        case .filterBlock(let filter, let body):
            let (flow, value) = try capture(body)
            guard flow == .normal else { return flow }
            try write(try output(of: try apply(filter, to: value)))
        case .with(let assignments, let body): return try executeWith(assignments, body: body)
        case .scoped(let body):
            let (_, value) = try capture(body)
            try write(try text(of: value))
        case .breakLoop: return .leaveLoop
        case .continueLoop: return .nextRound
        }
        return .normal
    }

    /// The text that a filter or call block prints; unlike `{{ … }}` it converts nothing.
    func output(of value: TemplateValue) throws(TemplateError) -> String {
        guard let text = value.text else {
            throw failure("sequence item: expected str instance, \(value.typeName) found")
        }
        return text
    }

    func write(_ text: String) throws(TemplateError) {
        try charge(1 + text.utf8.count >> 6)
        guard output.utf8.count + text.utf8.count <= limits.maximumOutputBytes else {
            throw limit("text too long")
        }
        output += text
    }

    private func executeCondition(
        _ branches: [Statement.Branch], otherwise: [Statement]
    ) throws(TemplateError) -> Flow {
        try enter()
        defer { leave() }
        for branch in branches {
            line = branch.line
            if try isTrue(try evaluate(branch.test)) { return try execute(branch.body) }
        }
        return try execute(otherwise)
    }

    private func executeWith(
        _ assignments: [Statement.Assignment], body: Body
    ) throws(TemplateError) -> Flow {
        var values: [TemplateValue] = []
        for assignment in assignments { values.append(try evaluate(assignment.value)) }
        return try inScope(makeScope(for: body, in: scope)) { () throws(TemplateError) in
            for (assignment, value) in zip(assignments, values) {
                try bind(assignment.target, value)
            }
            return try execute(body.statements)
        }
    }

    /// Runs `work` with `inner` as the scope.
    func inScope<T>(
        _ inner: Scope, _ work: () throws(TemplateError) -> T
    ) throws(TemplateError) -> T {
        try enter()
        let outer = scope
        scope = inner
        defer {
            scope = outer
            leave()
        }
        return try work()
    }

    /// Runs statements in a scope of their own and returns what they print.
    func capture(_ body: Body) throws(TemplateError) -> (Flow, TemplateValue) {
        try capture(body, in: makeScope(for: body, in: scope))
    }

    func capture(
        _ body: Body, in inner: Scope
    ) throws(TemplateError) -> (Flow, TemplateValue) {
        let outer = output
        output = ""
        defer { output = outer }
        let flow = try inScope(inner) { () throws(TemplateError) in
            try execute(body.statements)
        }
        return (flow, .string(output))
    }

    // MARK: Assignment

    func bind(_ target: Target, _ value: TemplateValue) throws(TemplateError) {
        switch target {
        case .name(let symbol): scope.bind(symbol, value)
        case .attribute(let symbol, let name):
            guard case .namespace(let namespace) = lookup(symbol) else {
                throw failure("cannot assign attribute on non-namespace object")
            }
            try checkAttributeName(name)
            namespace.attributes.insert(name, value)
        case .tuple(let targets):
            let values = try unpack(value, count: targets.count)
            for (target, value) in zip(targets, values) { try bind(target, value) }
        }
    }

    /// Fails for an attribute that a namespace may not have.
    func checkAttributeName(_ name: String) throws(TemplateError) {
        guard !name.hasPrefix("_") else {
            throw failure("a namespace cannot have the attribute \(PythonText.quoted(name))")
        }
    }

    private func unpack(
        _ value: TemplateValue, count: Int
    ) throws(TemplateError) -> [TemplateValue] {
        let iterator = try iterate(value)
        var values: [TemplateValue] = []
        while let element = try iterator.next() {
            guard values.count < count else {
                throw failure("too many values to unpack (expected \(count))")
            }
            values.append(element)
        }
        guard values.count == count else {
            throw failure(
                "not enough values to unpack (expected \(count), got \(values.count))")
        }
        return values
    }
}
