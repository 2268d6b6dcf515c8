/// The variables of a block, and the block around it.
///
/// A macro keeps the scope it is defined in, and therefore sees later assignments there, as a
/// Python closure does.
final class Scope: Clearable {
    private(set) var parent: Scope?
    private var indexes: [Int] = []
    private var values: [TemplateValue] = []
    /// Whether the renderer already holds this scope to clear it.
    var isTracked = false

    init(parent: Scope?) { self.parent = parent }

    /// The value of the variable in this scope or one around it.
    func lookup(_ symbol: Int) -> TemplateValue? {
        var scope = self
        while true {
            for position in scope.indexes.indices where scope.indexes[position] == symbol {
                return scope.values[position]
            }
            guard let parent = scope.parent else { return nil }
            scope = parent
        }
    }

    func bind(_ symbol: Symbol, _ value: TemplateValue) {
        if let position = indexes.firstIndex(of: symbol.index) {
            values[position] = value
        } else {
            indexes.append(symbol.index)
            values.append(value)
        }
    }

    /// Forgets the variables, for the next round of a loop.
    func reset() {
        indexes.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
    }

    func clear() {
        reset()
        parent = nil
    }
}
