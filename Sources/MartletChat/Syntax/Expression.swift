/// A node of an expression.
///
/// A class, so that a node is one pointer and `depth`, which bounds every recursion over the tree,
/// is known when the node is made.
final class Expression: Sendable {
    enum Kind: Sendable {
        case constant(Constant)
        case name(Symbol)
        /// `object.name`; `method` is the built-in method of that name, where there is one.
        case attribute(Expression, name: String, method: Method?)
        case item(Expression, Expression)
        case slice(Expression, Slice)
        case call(Expression, CallArguments)
        /// A filter; the operand is nil at the start of a `{% filter %}` block's chain.
        case filter(Expression?, FilterReference, CallArguments)
        case test(Expression, TestReference, CallArguments)
        case unary(UnaryOperator, Expression)
        case binary(BinaryOperator, Expression, Expression)
        case and(Expression, Expression)
        case or(Expression, Expression)
        case concatenation([Expression])
        case comparison(Expression, [ComparisonOperand])
        case conditional(test: Expression, then: Expression, otherwise: Expression?)
        case list([Expression])
        case tuple([Expression])
        case dictionary([DictionaryEntry])
    }

    let kind: Kind
    /// One more than the depth of the deepest child.
    let depth: Int

    init(_ kind: Kind) {
        self.kind = kind
        var deepest = 0
        Self.forEachChild(of: kind) { deepest = max(deepest, $0.depth) }
        depth = deepest + 1
    }

    /// Calls `visit` with each direct child.
    func forEachChild(_ visit: (Expression) -> Void) { Self.forEachChild(of: kind, visit) }

    private static func forEachChild(of kind: Kind, _ visit: (Expression) -> Void) {
        switch kind {
        case .constant, .name: break
        case .attribute(let base, _, _): visit(base)
        case .item(let base, let index): [base, index].forEach(visit)
        case .slice(let base, let slice):
            visit(base)
            [slice.start, slice.stop, slice.step].forEach { $0.map(visit) }
        case .call(let callee, let arguments):
            visit(callee)
            arguments.forEachChild(visit)
        case .filter(let operand, _, let arguments):
            operand.map(visit)
            arguments.forEachChild(visit)
        case .test(let operand, _, let arguments):
            visit(operand)
            arguments.forEachChild(visit)
        case .unary(_, let operand): visit(operand)
        case .binary(_, let left, let right), .and(let left, let right), .or(let left, let right):
            visit(left)
            visit(right)
        case .concatenation(let parts), .list(let parts), .tuple(let parts): parts.forEach(visit)
        case .comparison(let left, let operands):
            visit(left)
            operands.forEach { visit($0.expression) }
        case .conditional(let test, let then, let otherwise):
            visit(test)
            visit(then)
            otherwise.map(visit)
        case .dictionary(let entries):
            for entry in entries {
                visit(entry.key)
                visit(entry.value)
            }
        }
    }
}

/// A variable: its name and the index of the name in the template.
struct Symbol: Hashable, Sendable {
    let index: Int
    let name: String

    static func == (left: Symbol, right: Symbol) -> Bool { left.index == right.index }

    func hash(into hasher: inout Hasher) { hasher.combine(index) }

    /// The variables with a meaning of their own, which are the first in every template.
    static let loop = Symbol(index: 0, name: "loop")
    static let caller = Symbol(index: 1, name: "caller")
    static let positionalArguments = Symbol(index: 2, name: "varargs")
    static let namedArguments = Symbol(index: 3, name: "kwargs")
    static let special = [loop, caller, positionalArguments, namedArguments]
}

/// The bounds in `[start:stop:step]`.
struct Slice: Sendable {
    let start, stop, step: Expression?
}

/// An operator and right operand in a chain of comparisons.
struct ComparisonOperand: Sendable {
    let comparison: Comparison
    let expression: Expression
}

/// A `key: value` in a dictionary literal.
struct DictionaryEntry: Sendable {
    let key, value: Expression
}

/// A filter by name; `filter` is nil for a name that no filter has.
struct FilterReference: Sendable {
    let name: String
    let filter: Filter?
}

/// A test by name; `test` is nil for a name that no test has.
struct TestReference: Sendable {
    let name: String
    let test: Test?
}
