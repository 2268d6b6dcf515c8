/// The variable `loop` in a `for` loop.
final class LoopContext: Clearable {
    private let iterator: ValueIterator
    /// The rest, once it had to be counted.
    private var rest: [TemplateValue]?
    private var restPosition = 0
    private var known: Int?
    private var peeked: TemplateValue?
    private(set) var current: TemplateValue?
    private(set) var previous: TemplateValue?
    private(set) var index0 = -1
    /// The arguments of the last call of `changed`.
    var lastChanged: [TemplateValue]?
    /// How deep a recursive loop is, from 0.
    let depth0: Int
    /// The loop and the scope around it, for a loop that can call itself.
    private(set) var recursion: (loop: Loop, scope: Scope)?
    var isTracked = false

    var depth: Int { iterator.depth + 1 }

    init(
        iterator: ValueIterator, count: Int?, depth0: Int,
        recursion: (loop: Loop, scope: Scope)?
    ) {
        self.iterator = iterator
        known = count
        self.depth0 = depth0
        self.recursion = recursion
    }

    private func pull() throws(TemplateError) -> TemplateValue? {
        guard let rest else { return try iterator.next() }
        guard restPosition < rest.count else { return nil }
        restPosition += 1
        return rest[restPosition - 1]
    }

    /// Moves to the next element; false at the end.
    func advance() throws(TemplateError) -> Bool {
        let next: TemplateValue?
        if let peeked {
            next = peeked
            self.peeked = nil
        } else {
            next = try pull()
        }
        guard let next else { return false }
        index0 += 1
        previous = current
        current = next
        return true
    }

    /// The element after the current one, without moving to it.
    func peek() throws(TemplateError) -> TemplateValue? {
        if peeked == nil { peeked = try pull() }
        return peeked
    }

    /// The number of elements; a generator is run to its end for it.
    func count() throws(TemplateError) -> Int {
        if let known { return known }
        var items: [TemplateValue] = []
        while let item = try pull() { items.append(item) }
        rest = items
        restPosition = 0
        let count = items.count + index0 + 1 + (peeked == nil ? 0 : 1)
        known = count
        return count
    }

    func clear() {
        iterator.finish()
        rest = []
        peeked = nil
        current = nil
        previous = nil
        lastChanged = nil
        recursion = nil
    }
}
