extension Renderer {
    /// Python's truth of a value.
    func isTrue(_ value: TemplateValue) throws(TemplateError) -> Bool {
        switch value {
        case .undefined, .none: false
        case .bool(let flag): flag
        case .integer(let number): number != 0
        case .float(let number): number != 0
        case .string(let text), .markup(let text): !text.isEmpty
        case .list(let elements), .tuple(let elements): !elements.items.isEmpty
        case .dictionary(let mapping): mapping.count > 0
        case .view(let view): view.mapping.count > 0
        case .range(let range): range.count > 0
        case .loop(let loop): try loop.count() > 0
        case .iterator, .callable, .namespace, .cycler: true
        }
    }

    /// `len(value)`; nil for a value without a length.
    func length(of value: TemplateValue) -> Int? {
        switch value {
        case .undefined: 0
        case .string(let text), .markup(let text): PythonText.count(text)
        case .list(let elements), .tuple(let elements): elements.items.count
        case .dictionary(let mapping): mapping.count
        case .view(let view): view.mapping.count
        case .range(let range): range.count
        default: nil
        }
    }

    /// An iterator over the elements of a value, as `iter(value)`.
    func iterate(_ value: TemplateValue) throws(TemplateError) -> ValueIterator {
        switch value {
        case .undefined: return ValueIterator(items: [], depth: 0)
        case .string(let text): return ValueIterator(scalarsOf: text)
        case .markup(let text): return ValueIterator(scalarsOf: text)
        case .list(let elements): return ValueIterator(items: elements.items, depth: elements.depth)
        case .tuple(let elements):
            return ValueIterator(
                items: elements.items, depth: elements.depth, typeName: "tuple_iterator")
        case .dictionary(let mapping):
            return ValueIterator(view: MappingView(mapping, .keys))
        case .view(let view): return ValueIterator(view: view)
        case .range(let range): return ValueIterator(range: range)
        case .iterator(let iterator): return iterator
        case .loop(let loop):
            return ValueIterator(depth: loop.depth) { () throws(TemplateError) in
                guard try loop.advance(), let current = loop.current else { return nil }
                return .tuple(Elements([current, .loop(loop)]))
            }
        default: throw failure("'\(value.typeName)' object is not iterable")
        }
    }

    /// All elements of a value, as `list(value)`.
    func list(_ value: TemplateValue) throws(TemplateError) -> [TemplateValue] {
        if let elements = value.elements {
            try charge(elements.count)
            return elements
        }
        let iterator = try iterate(value)
        var items: [TemplateValue] = []
        while let item = try iterator.next() {
            try charge()
            items.append(item)
        }
        return items
    }

    // MARK: Dictionary keys

    func isHashable(_ value: TemplateValue) -> Bool {
        switch value {
        case .list, .dictionary, .view: false
        case .tuple(let elements): elements.items.allSatisfy(isHashable)
        default: true
        }
    }

    /// The value as a dictionary key; fails for lists and dictionaries.
    func hashed(_ value: TemplateValue) throws(TemplateError) -> MappingKey {
        try charge()
        switch value {
        case .undefined: return .undefined
        case .none: return .none
        case .bool(let flag): return .integer(flag ? 1 : 0)
        case .integer(let number): return .integer(number)
        case .float(let number): return Int(exactly: number).map { .integer($0) } ?? .float(number)
        case .string(let text), .markup(let text):
            try charge(text.utf8.count >> 6)
            return .string(ExactString(text: text))
        case .tuple(let elements):
            var keys: [MappingKey] = []
            try charge(elements.items.count * 4)
            for item in elements.items { keys.append(try hashed(item)) }
            return .tuple(keys)
        case .range(let range): return range.key
        case .iterator(let object): return .object(ObjectIdentifier(object))
        case .callable(let object): return .object(ObjectIdentifier(object))
        case .namespace(let object): return .object(ObjectIdentifier(object))
        case .loop(let object): return .object(ObjectIdentifier(object))
        case .cycler(let object): return .object(ObjectIdentifier(object))
        case .list, .dictionary, .view:
            throw failure("unhashable type: '\(value.typeName)'")
        }
    }

    // MARK: Text

    /// `str(value)`.
    func text(of value: TemplateValue) throws(TemplateError) -> String {
        switch value {
        case .string(let text), .markup(let text): text
        case .undefined: ""
        case .integer(let number): String(number)
        default: try representation(of: value)
        }
    }

    /// `repr(value)`.
    func representation(of value: TemplateValue) throws(TemplateError) -> String {
        var result = ""
        try appendRepresentation(of: value, to: &result)
        return result
    }

    private func appendRepresentation(
        of value: TemplateValue, to result: inout String
    ) throws(TemplateError) {
        try charge()
        guard result.utf8.count <= limits.maximumOutputBytes else { throw limit("text too long") }
        switch value {
        case .undefined: result += "Undefined"
        case .none: result += "None"
        case .bool(let flag): result += flag ? "True" : "False"
        case .integer(let number): result += String(number)
        case .float(let number): result += PythonText.literal(number)
        case .string(let text):
            try charge(scalarsOf: text)
            result += PythonText.quoted(text)
        case .markup(let text): result += "Markup(\(PythonText.quoted(text)))"
        case .list(let elements): try append(elements.items, "[", "]", to: &result)
        case .tuple(let elements):
            try append(elements.items, "(", elements.items.count == 1 ? ",)" : ")", to: &result)
        case .dictionary(let mapping):
            try append(keys: mapping.keys, values: mapping.values, to: &result)
        case .view(let view):
            result += "\(view.typeName)("
            try append(view.elements, "[", "])", to: &result)
        case .range(let range):
            result += "range(\(range.start), \(range.stop)"
            result += range.step == 1 ? ")" : ", \(range.step))"
        case .namespace(let namespace):
            result += "<Namespace "
            let attributes = namespace.attributes
            try append(keys: attributes.keys, values: attributes.values, to: &result)
            result += ">"
        case .loop(let loop):
            result += "<LoopContext \(loop.index0 + 1)/\(try loop.count())>"
        case .callable(let callable):
            if case .macro(let value) = callable.kind {
                result += "<Macro \(PythonText.quoted(value.macro.symbol.name))>"
            } else {
                result += "<\(callable.typeName) object>"
            }
        case .iterator, .cycler: result += "<\(value.typeName) object>"
        }
    }

    private func append(
        _ items: [TemplateValue], _ open: String, _ close: String, to result: inout String
    ) throws(TemplateError) {
        try enter()
        defer { leave() }
        result += open
        for (index, item) in items.enumerated() {
            if index > 0 { result += ", " }
            try appendRepresentation(of: item, to: &result)
        }
        result += close
    }

    private func append(
        keys: [TemplateValue], values: [TemplateValue], to result: inout String
    ) throws(TemplateError) {
        try enter()
        defer { leave() }
        result += "{"
        for index in keys.indices {
            if index > 0 { result += ", " }
            try appendRepresentation(of: keys[index], to: &result)
            result += ": "
            try appendRepresentation(of: values[index], to: &result)
        }
        result += "}"
    }
}
