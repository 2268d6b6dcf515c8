/// A position in a sequence that can be walked once: Python's iterators and generators.
final class ValueIterator {
    typealias Generator = () throws(TemplateError) -> TemplateValue?

    private enum Source {
        case items([TemplateValue])
        case reversed([TemplateValue])
        case view(MappingView)
        case range(RangeValue)
        case scalars(String, String.Index)
        case generator(Generator)
        case finished
    }

    private var source: Source
    private var position = 0
    let typeName: String
    /// Values nested below this one, generators' sources included.
    let depth: Int

    private init(_ source: Source, typeName: String, depth: Int) {
        self.source = source
        self.typeName = typeName
        self.depth = depth
    }

    convenience init(
        items: [TemplateValue], depth: Int, typeName: String = "list_iterator"
    ) {
        self.init(.items(items), typeName: typeName, depth: depth + 1)
    }

    convenience init(reversed items: [TemplateValue], depth: Int) {
        self.init(.reversed(items), typeName: "list_reverseiterator", depth: depth + 1)
    }

    convenience init(view: MappingView) {
        self.init(
            .view(view), typeName: "dict_\(view.kind.rawValue)iterator",
            depth: view.mapping.depth + 2)
    }

    convenience init(range: RangeValue) {
        self.init(.range(range), typeName: "range_iterator", depth: 1)
    }

    convenience init(scalarsOf text: String) {
        self.init(.scalars(text, text.startIndex), typeName: "str_iterator", depth: 1)
    }

    /// - Parameter depth: the depth of the deepest value that `generator` captures.
    convenience init(depth: Int, generator: @escaping Generator) {
        self.init(.generator(generator), typeName: "generator", depth: depth + 1)
    }

    /// The next element, nil at the end and ever after.
    func next() throws(TemplateError) -> TemplateValue? {
        switch source {
        case .items(let items):
            if position < items.count { return advance(items[position]) }
        case .reversed(let items):
            if position < items.count { return advance(items[items.count - 1 - position]) }
        case .view(let view):
            if position < view.mapping.count { return advance(view.element(position)) }
        case .range(let range):
            if position < range.count { return advance(.integer(range[position])) }
        case .scalars(let text, let index):
            if index < text.endIndex {
                let scalars = text.unicodeScalars
                source = .scalars(text, scalars.index(after: index))
                return .string(String(scalars[index]))
            }
        case .generator(let generator):
            do {
                if let value = try generator() { return value }
            } catch {
                source = .finished
                throw error
            }
        case .finished: break
        }
        source = .finished
        return nil
    }

    private func advance(_ value: TemplateValue) -> TemplateValue {
        position += 1
        return value
    }

    /// Lets go of the source; further elements do not come.
    func finish() { source = .finished }
}
