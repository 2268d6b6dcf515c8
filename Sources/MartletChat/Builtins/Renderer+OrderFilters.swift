extension Renderer {
    /// The filters that order, group or cut a sequence.
    func applyOrderFilter(
        _ filter: Filter, _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        switch filter {
        case .sort: return try sort(value, arguments)
        case .unique: return try unique(value, arguments)
        case .min, .max: return try extreme(filter, value, arguments)
        case .dictsort: return try sortMapping(value, arguments)
        case .groupby: return try group(value, arguments)
        case .batch: return try batch(value, arguments)
        default: return try sliceEvenly(value, arguments)
        }
    }

    private func sort(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "sort", ["reverse", "case_sensitive", "attribute"])
        let caseSensitive = try flag(values[1])
        var paths: [AttributePath] = []
        if let text = values[2]?.text {
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                paths.append(try attributeGetter(.string(String(part))))
            }
        } else {
            paths = [try attributeGetter(values[2])]
        }
        let items = try list(value)
        var keys: [TemplateValue] = []
        for item in items {
            var key: [TemplateValue] = []
            for path in paths {
                key.append(
                    try folded(try get(path, from: item), caseSensitive: caseSensitive))
            }
            keys.append(.list(Elements(key)))
        }
        return .list(Elements(try sorted(items, by: keys, reverse: try flag(values[0]))))
    }

    private func unique(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "unique", ["case_sensitive", "attribute"])
        let caseSensitive = try flag(values[0])
        let path = try attributeGetter(values[1])
        let source = try iterate(value)
        var seen: Set<MappingKey> = []
        let iterator = ValueIterator(depth: max(source.depth, value.depth)) {
            [unowned self] () throws(TemplateError) in
            while let item = try source.next() {
                let key = try folded(try get(path, from: item), caseSensitive: caseSensitive)
                if seen.insert(try hashed(key)).inserted { return item }
            }
            return nil
        }
        return .iterator(iterator)
    }

    private func extreme(
        _ filter: Filter, _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, filter.rawValue, ["case_sensitive", "attribute"])
        let caseSensitive = try flag(values[0])
        let path = try attributeGetter(values[1])
        var best: (item: TemplateValue, key: TemplateValue)?
        for item in try list(value) {
            let key = try folded(try get(path, from: item), caseSensitive: caseSensitive)
            guard let current = best else {
                best = (item, key)
                continue
            }
            let comparison: Comparison = filter == .min ? .less : .greater
            if try compare(key, comparison, current.key) { best = (item, key) }
        }
        return best?.item
            ?? .undefined(Undefined(.message("No aggregated item, sequence was empty.")))
    }

    private func sortMapping(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "dictsort", ["case_sensitive", "by", "reverse"])
        let by = values[1]?.text ?? (values[1] == nil ? "key" : "")
        guard by == "key" || by == "value" else {
            throw failure("You can only sort by either \"key\" or \"value\"")
        }
        guard case .dictionary(let mapping) = value else {
            if case .undefined(let undefined) = value { throw failure(undefined) }
            throw failure("'\(value.typeName)' object has no attribute 'items'")
        }
        let caseSensitive = try flag(values[0])
        var keys: [TemplateValue] = []
        for key in by == "key" ? mapping.keys : mapping.values {
            keys.append(try folded(key, caseSensitive: caseSensitive))
        }
        let items = MappingView(mapping, .items).elements
        return .list(Elements(try sorted(items, by: keys, reverse: try flag(values[2]))))
    }

    private func group(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(
            arguments, "groupby", ["attribute", "default", "case_sensitive"], required: 1)
        let path = try attributeGetter(values[0])
        let replacement = values[1].flatMap { $0.isNone ? nil : $0 }
        let caseSensitive = try flag(values[2])
        let items = try list(value)
        var entries: [TemplateValue] = []
        var keys: [TemplateValue] = []
        for item in items {
            let key = try get(path, from: item, default: replacement)
            keys.append(try folded(key, caseSensitive: caseSensitive))
            entries.append(.tuple(Elements([keys[keys.count - 1], item])))
        }
        var groups: [(key: TemplateValue, items: [TemplateValue])] = []
        for entry in try sorted(entries, by: keys, reverse: false) {
            guard let pair = entry.elements else { continue }
            if let last = groups.last, try areEqual(last.key, pair[0]) {
                groups[groups.count - 1].items.append(pair[1])
            } else {
                groups.append((pair[0], [pair[1]]))
            }
        }
        var result: [TemplateValue] = []
        for group in groups {
            let key =
                caseSensitive
                ? group.key : try get(path, from: group.items[0], default: replacement)
            result.append(
                .tuple(
                    Elements(
                        [key, .list(Elements(group.items))], fieldNames: ["grouper", "list"])))
        }
        return .list(Elements(result))
    }

    private func batch(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "batch", ["linecount", "fill_with"], required: 1)
        let fill = values[1].flatMap { $0.isNone ? nil : $0 }
        guard let size = values[0]?.double else {
            throw failure("batch size must be a number")
        }
        let source = try iterate(value)
        var pending: [TemplateValue] = []
        var isFinished = false
        let depth = max(source.depth, fill?.depth ?? 0) + 1
        return .iterator(
            ValueIterator(depth: depth) { [unowned self] () throws(TemplateError) in
                guard !isFinished else { return nil }
                while let item = try source.next() {
                    try charge()
                    if Double(pending.count) == size {
                        defer { pending = [item] }
                        return .list(Elements(pending))
                    }
                    pending.append(item)
                }
                isFinished = true
                guard !pending.isEmpty else { return nil }
                if let fill, Double(pending.count) < size {
                    guard let count = Int(exactly: size) else {
                        throw failure("batch size must be an integer")
                    }
                    try charge(count)
                    while pending.count < count { pending.append(fill) }
                }
                return .list(Elements(pending))
            })
    }

    private func sliceEvenly(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "slice", ["slices", "fill_with"], required: 1)
        let fill = values[1].flatMap { $0.isNone ? nil : $0 }
        let count = try integer(values[0], default: 1)
        let depth = max(value.depth, fill?.depth ?? 0) + 2
        var items: [TemplateValue]?
        var number = 0
        var start = 0
        return .iterator(
            ValueIterator(depth: depth) { [unowned self] () throws(TemplateError) in
                if items == nil {
                    items = try list(value)
                    guard count != 0 else { throw failure("integer division or modulo by zero") }
                }
                guard let items, number < count else { return nil }
                try charge()
                let extra = number < items.count % count
                let end = start + items.count / count + (extra ? 1 : 0)
                var part = Array(items[start..<end])
                if let fill, !extra { part.append(fill) }
                start = end
                number += 1
                return .list(Elements(part))
            })
    }
}
