/// The variables of a block, and the block around it.
///
/// A macro keeps the scope it is defined in, and therefore sees later assignments there, as a
/// Python closure does.
final class Scope: Clearable {
    private(set) var parent: Scope?
    private var indexes: [Int] = []
    private var values: [TemplateValue] = []
    /// The places of the variables, once they are many.
    private var places: [Int: Int] = [:]
    /// Whether the renderer already holds this scope to clear it.
    var isTracked = false

    init(parent: Scope?) { self.parent = parent }

    /// The value of the variable in this scope or one around it.
    func lookup(_ symbol: Int) -> TemplateValue? {
        var scope = self
        while true {
            if let place = scope.place(of: symbol) { return scope.values[place] }
            guard let parent = scope.parent else { return nil }
            scope = parent
        }
    }

    @inline(__always)
    private func place(of symbol: Int) -> Int? {
        if indexes.count > 16 { return places[symbol] }
        for place in indexes.indices where indexes[place] == symbol { return place }
        return nil
    }

    func bind(_ symbol: Symbol, _ value: TemplateValue) {
        if let place = place(of: symbol.index) {
            values[place] = value
            return
        }
        indexes.append(symbol.index)
        values.append(value)
        if indexes.count == 17 {
            for (place, index) in indexes.enumerated() { places[index] = place }
        } else if indexes.count > 17 {
            places[symbol.index] = indexes.count - 1
        }
    }

    /// Forgets the variables, for the next round of a loop.
    func reset() {
        indexes.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        if !places.isEmpty { places = [:] }
    }

    func clear() {
        reset()
        parent = nil
    }
}
