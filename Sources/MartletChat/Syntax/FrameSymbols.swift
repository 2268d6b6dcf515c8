/// What is known about the variables of a body while it is read.
///
/// - Source: jinja2 3.1 `idtracking.py`, `Symbols`.
final class FrameSymbols {
    /// The body around this one.
    let parent: FrameSymbols?
    /// The symbols that a branch of an `if` starts from.
    private let base: FrameSymbols?
    /// For each variable used here whether it starts as undefined.
    private(set) var startsUndefined: [Symbol: Bool] = [:]
    private var stores: Set<Symbol> = []

    init(parent: FrameSymbols?) {
        self.parent = parent
        base = nil
    }

    private init(branchOf base: FrameSymbols) {
        parent = base.parent
        self.base = base
    }

    private func isUsedHere(_ symbol: Symbol) -> Bool {
        startsUndefined[symbol] != nil || base?.isUsedHere(symbol) ?? false
    }

    private func isUsed(_ symbol: Symbol) -> Bool {
        isUsedHere(symbol) || parent?.isUsed(symbol) ?? false
    }

    private func isStored(_ symbol: Symbol) -> Bool {
        stores.contains(symbol) || base?.isStored(symbol) ?? false
    }

    func declare(_ symbol: Symbol) {
        startsUndefined[symbol] = false
        stores.insert(symbol)
    }

    /// A variable that is read first starts as what the context has.
    func load(_ symbol: Symbol) {
        if !isUsed(symbol) { startsUndefined[symbol] = false }
    }

    /// A variable that is assigned first starts as undefined, unless a body around uses it.
    func store(_ symbol: Symbol) {
        if !isUsedHere(symbol) {
            startsUndefined[symbol] = !(parent?.isUsed(symbol) ?? false)
        }
        stores.insert(symbol)
    }

    /// Reads the branches of an `if`: what they assign first keeps its value from outside.
    func readBranches(_ branches: [(FrameSymbols) -> Void]) {
        let results = branches.map { read in
            let symbols = FrameSymbols(branchOf: self)
            read(symbols)
            return symbols
        }
        let assigned = results.reduce(into: Set<Symbol>()) { $0.formUnion($1.stores) }
            .filter { !isStored($0) }
        for result in results {
            startsUndefined.merge(result.startsUndefined) { $1 }
            stores.formUnion(result.stores)
        }
        for symbol in assigned { startsUndefined[symbol] = false }
    }
}
