/// The arguments of a call, filter or test as written.
final class CallArguments: Sendable {
    let positional: [Expression]
    let named: [(name: String, value: Expression)]
    /// The operand of `*`.
    let splat: Expression?
    /// The operand of `**`.
    let namedSplat: Expression?

    init(
        positional: [Expression] = [], named: [(name: String, value: Expression)] = [],
        splat: Expression? = nil, namedSplat: Expression? = nil
    ) {
        self.positional = positional
        self.named = named
        self.splat = splat
        self.namedSplat = namedSplat
    }

    static let none = CallArguments()

    var isEmpty: Bool {
        positional.isEmpty && named.isEmpty && splat == nil && namedSplat == nil
    }

    func forEachChild(_ visit: (Expression) -> Void) {
        positional.forEach(visit)
        named.forEach { visit($0.value) }
        splat.map(visit)
        namedSplat.map(visit)
    }
}
