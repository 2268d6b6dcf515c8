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

    /// Removes the entry `name`.
    mutating func remove(_ name: String) {
        let removed = MappingKey.string(ExactString(text: name))
        var rest = MappingBuilder()
        for (position, key) in hashedKeys.enumerated() where key != removed {
            rest.insert(keys[position], hashed: key, values[position])
        }
        self = rest
    }

    /// Inserts all entries of `mapping`.
    mutating func insert(contentsOf mapping: Mapping, hash: (TemplateValue) -> MappingKey?) {
        for (key, value) in zip(mapping.keys, mapping.values) {
            if let hashed = hash(key) { insert(key, hashed: hashed, value) }
        }
    }
}
