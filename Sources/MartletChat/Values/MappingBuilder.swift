/// Collects the entries of a ``Mapping``; a later value of a key replaces the earlier in its place.
struct MappingBuilder {
    private(set) var keys: [TemplateValue] = []
    private(set) var values: [TemplateValue] = []
    private(set) var hashedKeys: [MappingKey] = []
    private var index: [MappingKey: Int] = [:]

    var count: Int { keys.count }

    private func position(of key: MappingKey) -> Int? {
        count > 8 ? index[key] : hashedKeys.firstIndex(of: key)
    }

    mutating func insert(_ key: TemplateValue, hashed: MappingKey, _ value: TemplateValue) {
        if let position = position(of: hashed) {
            values[position] = value
            return
        }
        keys.append(key)
        values.append(value)
        hashedKeys.append(hashed)
        if count == 9 {
            for (position, key) in hashedKeys.enumerated() { index[key] = position }
        } else if count > 9 {
            index[hashed] = count - 1
        }
    }

    mutating func insert(_ name: String, _ value: TemplateValue) {
        insert(.string(name), hashed: .string(ExactString(text: name)), value)
    }

    /// The value of the entry `name`.
    subscript(name: String) -> TemplateValue? {
        position(of: .string(ExactString(text: name))).map { values[$0] }
    }
}
