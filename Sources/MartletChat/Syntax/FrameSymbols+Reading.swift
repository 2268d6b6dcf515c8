extension FrameSymbols {
    /// Reads the statements of the body, without the bodies inside of it.
    func read(_ statements: [Statement]) {
        for statement in statements { read(statement) }
    }

    private func read(_ statement: Statement) {
        switch statement.kind {
        case .text, .scoped, .breakLoop, .continueLoop: break
        case .print(let expression): load(expression)
        case .condition(let branches, let otherwise): readCondition(branches[...], otherwise)
        case .loop(let loop): load(loop.iterable)
        case .assign(let target, let value):
            load(value)
            store(target)
        case .assignBlock(let target, _, _): store(target)
        case .macro(let macro): store(macro.symbol)
        case .callBlock(_, let callee, let arguments):
            load(callee)
            arguments.forEachChild(load)
        case .filterBlock(let filter, _): load(filter)
        case .with(let assignments, _): for item in assignments { load(item.value) }
        }
    }

    /// All `elif`s are one branch, one after the other, as the reference has them.
    private func readCondition(_ branches: ArraySlice<Statement.Branch>, _ otherwise: [Statement]) {
        guard let first = branches.first else { return }
        load(first.test)
        readBranches([
            { $0.read(first.body) },
            { for branch in branches.dropFirst() { $0.readCondition([branch], []) } },
            { $0.read(otherwise) },
        ])
    }

    func load(_ expression: Expression) {
        if case .name(let symbol) = expression.kind { load(symbol) }
        expression.forEachChild(load)
    }

    private func store(_ target: Target) {
        switch target {
        case .name(let symbol): store(symbol)
        case .attribute(let symbol, _): load(symbol)
        case .tuple(let targets): for target in targets { store(target) }
        }
    }

    /// The variables of the target are the body's own.
    func declare(_ target: Target) {
        switch target {
        case .name(let symbol): declare(symbol)
        case .attribute: break
        case .tuple(let targets): for target in targets { declare(target) }
        }
    }
}
