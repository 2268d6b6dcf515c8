/// Finds loops over message content: `for part in message.content`, where `message` comes from a
/// loop over `messages` or a variable assigned from it, and `for part in content`.
struct ContentFormatDetector {
    private var loops: [Loop] = []
    private var assignments: [(target: Target, value: Expression)] = []

    init(_ statements: [Statement]) { collect(statements) }

    private mutating func collect(_ statements: [Statement]) {
        for statement in statements {
            switch statement.kind {
            case .condition(let branches, let otherwise):
                for branch in branches { collect(branch.body) }
                collect(otherwise)
            case .loop(let loop):
                loops.append(loop)
                collect(loop.body.statements)
                collect(loop.otherwise.statements)
            case .assign(let target, let value): assignments.append((target, value))
            case .assignBlock(_, _, let body), .filterBlock(_, let body), .with(_, let body),
                .scoped(let body):
                collect(body.statements)
            case .macro(let macro), .callBlock(let macro, _, _): collect(macro.body.statements)
            case .text, .print, .breakLoop, .continueLoop: break
            }
        }
    }

    /// False as well where a loop or assignment in question binds several variables, which the
    /// reference takes as unknown.
    var walksOverContent: Bool {
        guard let messageLists = aliases(of: "messages") else { return false }
        var messageNames: Set<String> = []
        for loop in loops where messageLists.contains(where: { isAccess(loop.iterable, to: $0) }) {
            guard case .name(let symbol) = loop.target else { return false }
            messageNames.insert(symbol.name)
        }
        for loop in loops {
            let isContent =
                isName(loop.iterable, "content")
                || messageNames.contains { isAccess(loop.iterable, to: $0, key: "content") }
            guard isContent else { continue }
            guard case .name = loop.target else { return false }
            return true
        }
        return false
    }

    /// The variables assigned from `name`, itself included; nil where one of the assignments binds
    /// several variables.
    private func aliases(of name: String) -> Set<String>? {
        var found: Set<String> = [name]
        var pending = [name]
        while let current = pending.popLast() {
            for assignment in assignments where isAccess(assignment.value, to: current) {
                guard case .name(let symbol) = assignment.target else { return nil }
                if found.insert(symbol.name).inserted { pending.append(symbol.name) }
            }
        }
        return found
    }

    private func isName(_ expression: Expression, _ name: String) -> Bool {
        guard case .name(let symbol) = expression.kind else { return false }
        return symbol.name == name
    }

    /// Whether the expression is the variable `name`, or its entry `key`, behind filters and
    /// slices.
    private func isAccess(_ expression: Expression, to name: String, key: String? = nil) -> Bool {
        switch expression.kind {
        case .filter(let operand?, _, _): return isAccess(operand, to: name, key: key)
        case .test(let operand, _, _): return isAccess(operand, to: name, key: key)
        case .slice(let base, _): return isAccess(base, to: name, key: key)
        case .item(let base, let index):
            guard let key, case .constant(.string(let text)) = index.kind else { return false }
            return text == key && isName(base, name)
        case .attribute(let base, let attribute, _):
            return attribute == key && isName(base, name)
        default: return key == nil && isName(expression, name)
        }
    }
}
