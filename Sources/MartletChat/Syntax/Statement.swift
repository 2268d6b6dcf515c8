/// A statement and the line it is on.
struct Statement: Sendable {
    indirect enum Kind: Sendable {
        case text(String)
        case print(Expression)
        case condition([Branch], otherwise: [Statement])
        case loop(Loop)
        case assign(Target, Expression)
        /// `{% set target | filter %}…{% endset %}`.
        case assignBlock(Target, filter: Expression?, body: Body)
        case macro(Macro)
        /// `{% call(…) callee(…) %}…{% endcall %}`; the body is the macro `caller`.
        case callBlock(Macro, callee: Expression, CallArguments)
        case filterBlock(Expression, body: Body)
        case with([Assignment], body: Body)
        /// A body with variables of its own and text that passes through: `{% generation %}`.
        case scoped(Body)
        case breakLoop
        case continueLoop
    }

    let line: Int
    let kind: Kind

    /// An `if` or `elif` with its body.
    struct Branch: Sendable {
        let line: Int
        let test: Expression
        let body: [Statement]
    }

    /// A `name = value` of a `with`.
    struct Assignment: Sendable {
        let target: Target
        let value: Expression
    }
}

/// What a `set`, `for` or `with` binds.
indirect enum Target: Sendable {
    case name(Symbol)
    /// `namespace.attribute`.
    case attribute(Symbol, String)
    case tuple([Target])
}

/// A `for` loop.
final class Loop: Sendable {
    let target: Target
    let iterable: Expression
    /// The condition after `if`, which drops elements.
    let filter: Expression?
    let isRecursive: Bool
    let body: Body
    let otherwise: Body

    init(
        target: Target, iterable: Expression, filter: Expression?, isRecursive: Bool,
        body: Body, otherwise: Body
    ) {
        self.target = target
        self.iterable = iterable
        self.filter = filter
        self.isRecursive = isRecursive
        self.body = body
        self.otherwise = otherwise
    }
}

/// A macro, or the body of a `call` block.
final class Macro: Sendable {
    struct Parameter: Sendable {
        let symbol: Symbol
        let defaultValue: Expression?
    }

    let symbol: Symbol
    let parameters: [Parameter]
    let body: Body
    /// Whether the body reads `varargs`, `kwargs` or `caller`, which the macro then accepts.
    let takesVariablePositional, takesVariableNamed, takesCaller: Bool

    init(symbol: Symbol, parameters: [Parameter], body: Body, namesRead: Set<String>) {
        self.symbol = symbol
        self.parameters = parameters
        self.body = body
        takesVariablePositional = namesRead.contains("varargs")
        takesVariableNamed = namesRead.contains("kwargs")
        takesCaller = namesRead.contains("caller")
    }

    /// Whether the body reads the special variable.
    func reads(_ special: Symbol) -> Bool {
        switch special {
        case .caller: takesCaller
        case .namedArguments: takesVariableNamed
        case .positionalArguments: takesVariablePositional
        default: false
        }
    }
}
