/// Finds the variables that are undefined at the start of a body though the context may have them:
/// those that the body assigns before it reads them. Bodies inside, which may run earlier, see them
/// as undefined as well.
///
/// - Source: jinja2 3.1 `idtracking.py`, whose static scopes this reproduces.
struct FrameAnalysis {
    /// The variables of each body, by its number.
    private(set) var hidden: [[Symbol]]

    init(_ body: Body, frameCount: Int) {
        hidden = Array(repeating: [], count: frameCount)
        analyze(body, parent: nil) { _ in }
    }

    private mutating func analyze(
        _ body: Body, parent: FrameSymbols?, _ prepare: (FrameSymbols) -> Void
    ) {
        let symbols = FrameSymbols(parent: parent)
        prepare(symbols)
        symbols.read(body.statements)
        hidden[body.frame] = symbols.startsUndefined.filter(\.value).map(\.key)
        descend(body.statements, symbols)
    }

    private mutating func descend(_ statements: [Statement], _ symbols: FrameSymbols) {
        for statement in statements {
            switch statement.kind {
            case .condition(let branches, let otherwise):
                for branch in branches { descend(branch.body, symbols) }
                descend(otherwise, symbols)
            case .loop(let loop):
                analyze(loop.body, parent: symbols) { inner in
                    inner.declare(Symbol.loop)
                    inner.declare(loop.target)
                }
                analyze(loop.otherwise, parent: symbols) { _ in }
            case .assignBlock(_, _, let body), .scoped(let body):
                analyze(body, parent: symbols) { _ in }
            case .filterBlock(let filter, let body):
                analyze(body, parent: symbols) { $0.load(filter) }
            case .with(let assignments, let body):
                analyze(body, parent: symbols) { inner in
                    for item in assignments { inner.declare(item.target) }
                }
            case .macro(let macro), .callBlock(let macro, _, _): analyze(macro, parent: symbols)
            case .text, .print, .assign, .breakLoop, .continueLoop: break
            }
        }
    }

    private mutating func analyze(_ macro: Macro, parent: FrameSymbols) {
        analyze(macro.body, parent: parent) { inner in
            for symbol in [Symbol.caller, .namedArguments, .positionalArguments]
            where macro.reads(symbol) {
                inner.declare(symbol)
            }
            for parameter in macro.parameters { inner.declare(parameter.symbol) }
            for parameter in macro.parameters {
                if let value = parameter.defaultValue { inner.load(value) }
            }
        }
    }
}
