/// The elements of a list or tuple.
final class Elements {
    let items: [TemplateValue]
    /// One more than the depth of the deepest element.
    let depth: Int
    /// The names of a named tuple's elements.
    let fieldNames: [String]

    init(_ items: [TemplateValue], fieldNames: [String] = []) {
        self.items = items
        self.fieldNames = fieldNames
        depth = items.reduce(0) { max($0, $1.depth) } + 1
    }
}
