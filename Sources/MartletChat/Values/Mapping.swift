/// An immutable dictionary in the order of insertion.
final class Mapping {
    let keys: [TemplateValue]
    let values: [TemplateValue]
    /// One more than the depth of the deepest key or value.
    let depth: Int
    private let hashedKeys: [MappingKey]
    /// Made at the first look-up in a large mapping.
    private lazy var index: [MappingKey: Int] = Dictionary(
        hashedKeys.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })

    var count: Int { keys.count }

    init(_ builder: MappingBuilder) {
        keys = builder.keys
        values = builder.values
        hashedKeys = builder.hashedKeys
        depth = (keys + values).reduce(0) { max($0, $1.depth) } + 1
    }

    func position(of key: MappingKey) -> Int? {
        count > 8 ? index[key] : hashedKeys.firstIndex(of: key)
    }

    subscript(key: MappingKey) -> TemplateValue? { position(of: key).map { values[$0] } }
}
