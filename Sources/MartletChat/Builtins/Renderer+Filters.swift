extension Renderer {
    /// Applies a filter to a value.
    func apply(
        _ filter: Filter, to value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        switch filter {
        case .abs, .round, .int, .float, .sum, .filesizeformat:
            return try applyNumberFilter(filter, value, arguments)
        case .capitalize, .center, .escape, .e, .forceescape, .format, .indent, .lower, .replace,
            .safe, .string, .title, .trim, .truncate, .upper, .urlencode, .wordcount, .xmlattr:
            return try applyTextFilter(filter, value, arguments)
        case .batch, .slice, .dictsort, .groupby, .max, .min, .sort, .unique:
            return try applyOrderFilter(filter, value, arguments)
        case .map, .select, .reject, .selectattr, .rejectattr:
            return try applyMappingFilter(filter, value, arguments)
        case .tojson: return try toJSON(value, arguments)
        case .join: return try join(value, arguments)
        case .d, .default:
            let values = try bind(arguments, "default", ["default_value", "boolean"])
            let replacement = values[0] ?? .string("")
            if value.isUndefined { return replacement }
            guard try flag(values[1]) else { return value }
            return try isTrue(value) ? value : replacement
        case .attr:
            let values = try bind(arguments, "attr", ["name"], required: 1)
            return try ownAttribute(of: value, try string(values[0], "attr"))
        case .length, .count, .first, .last, .list, .items, .reverse:
            _ = try bind(arguments, filter.rawValue, [])
            return try applySequenceFilter(filter, value)
        }
    }

    private func ownAttribute(
        of value: TemplateValue, _ name: String
    ) throws(TemplateError) -> TemplateValue {
        if case .dictionary(let mapping) = value {
            // Entries are not attributes: an empty mapping has the same attributes.
            let method = Method(rawValue: name)
            guard method?.exists(on: value) != false, method != nil else {
                return .undefined(
                    Undefined(.attribute(ofType: "dict object", name: name)))
            }
            return try attribute(name, method: method, of: .dictionary(mapping))
        }
        return try attribute(name, method: Method(rawValue: name), of: value)
    }

    /// The filters that take a sequence and nothing else.
    private func applySequenceFilter(
        _ filter: Filter, _ value: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        switch filter {
        case .first:
            return try iterate(value).next()
                ?? .undefined(Undefined(.message("No first item, sequence was empty.")))
        case .last:
            return try reversed(value).next()
                ?? .undefined(Undefined(.message("No last item, sequence was empty.")))
        case .list: return .list(Elements(try list(value)))
        case .reverse:
            if let text = value.text {
                try charge(scalarsOf: text)
                var reversed = String.UnicodeScalarView()
                reversed.append(contentsOf: text.unicodeScalars.reversed())
                return same(value, String(reversed))
            }
            if case .iterator = value {
                return .list(Elements(try list(value).reversed()))
            }
            return .iterator(try reversed(value))
        case .items:
            switch value {
            case .undefined: return .iterator(ValueIterator(items: [], depth: 0))
            case .dictionary(let mapping):
                return .iterator(ValueIterator(view: MappingView(mapping, .items)))
            default: throw failure("Can only get item pairs from a mapping.")
            }
        default:
            if let text = value.text { try charge(bytes: text.utf8.count) }
            if case .loop(let loop) = value { return .integer(try loop.count()) }
            guard let length = length(of: value) else {
                throw failure("object of type '\(value.typeName)' has no len()")
            }
            return .integer(length)
        }
    }

    /// An iterator from the end, as `reversed(value)`.
    private func reversed(_ value: TemplateValue) throws(TemplateError) -> ValueIterator {
        switch value {
        case .undefined: return ValueIterator(items: [], depth: 0)
        case .string, .markup, .list, .tuple, .dictionary, .view, .range:
            return ValueIterator(reversed: try list(value), depth: value.depth)
        default: throw failure("'\(value.typeName)' object is not reversible")
        }
    }

    private func join(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "join", ["d", "attribute"])
        let separator = try values[0].map { value throws(TemplateError) in try text(of: value) }
        var texts: [String] = []
        let getter = try attributeGetter(values[1])
        for item in try list(value) {
            texts.append(try text(of: try get(getter, from: item)))
        }
        return .string(try join(texts, separator: separator ?? ""))
    }

    // MARK: Attributes of elements

    /// The path in the parameter `attribute` of a filter: names and indexes.
    typealias AttributePath = [TemplateValue]

    func attributeGetter(_ attribute: TemplateValue?) throws(TemplateError) -> AttributePath {
        guard let attribute, !attribute.isNone else { return [] }
        guard let text = attribute.text else { return [attribute] }
        try charge(scalarsOf: text)
        return text.split(separator: ".", omittingEmptySubsequences: false).map { part in
            let isNumber = !part.isEmpty && part.utf8.allSatisfy { $0 &- UInt8(ascii: "0") < 10 }
            return (isNumber ? Int(part) : nil).map { .integer($0) } ?? .string(String(part))
        }
    }

    func get(
        _ path: AttributePath, from value: TemplateValue, default replacement: TemplateValue? = nil
    ) throws(TemplateError) -> TemplateValue {
        var value = value
        for part in path {
            try charge()
            value = try item(part, of: value)
            if let replacement, value.isUndefined { value = replacement }
        }
        return value
    }

    /// The value to sort or compare by: strings in lower case unless case matters.
    func folded(_ value: TemplateValue, caseSensitive: Bool) throws(TemplateError) -> TemplateValue
    {
        guard !caseSensitive, let text = value.text else { return value }
        try charge(scalarsOf: text)
        return .string(PythonText.lowercased(text))
    }
}
