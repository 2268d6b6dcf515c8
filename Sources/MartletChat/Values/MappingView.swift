/// What a dictionary's `keys()`, `values()` and `items()` return.
final class MappingView {
    enum Kind: String { case keys, values, items }

    let mapping: Mapping
    let kind: Kind

    init(_ mapping: Mapping, _ kind: Kind) {
        self.mapping = mapping
        self.kind = kind
    }

    var typeName: String { "dict_\(kind.rawValue)" }

    func element(_ index: Int) -> TemplateValue {
        switch kind {
        case .keys: mapping.keys[index]
        case .values: mapping.values[index]
        case .items: .tuple(Elements([mapping.keys[index], mapping.values[index]]))
        }
    }

    var elements: [TemplateValue] { (0..<mapping.count).map(element) }
}
