extension Renderer {
    /// `object.name`: the attribute, or the entry of that name.
    func attribute(
        _ name: String, method: Method?, of base: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        if case .undefined(let undefined) = base { throw failure(undefined) }
        if case .dictionary(let mapping) = base, method == nil {
            let key = MappingKey.string(ExactString(text: name))
            return mapping[key] ?? missing(name, of: base)
        }
        if let value = try ownAttribute(name, method: method, of: base) { return value }
        if case .dictionary(let mapping) = base,
            let value = mapping[.string(ExactString(text: name))]
        {
            return value
        }
        return missing(name, of: base)
    }

    /// `object[index]`: the entry, or for a string the attribute of that name.
    func item(
        _ index: TemplateValue, of base: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        if let value = try element(index, of: base) { return value }
        if let name = index.text {
            let method = Method(rawValue: name)
            if let value = try ownAttribute(name, method: method, of: base) { return value }
            return missing(name, of: base)
        }
        let index = try representation(of: index)
        return .undefined(Undefined(.element(ofType: objectName(base), index: index)))
    }

    /// The entry at an index or key; nil where there is none.
    private func element(
        _ index: TemplateValue, of base: TemplateValue
    ) throws(TemplateError) -> TemplateValue? {
        switch base {
        case .undefined(let undefined): throw failure(undefined)
        case .dictionary(let mapping):
            guard isHashable(index) else { return nil }
            return mapping[try hashed(index)]
        case .list(let elements), .tuple(let elements):
            return position(index, count: elements.items.count).map { elements.items[$0] }
        case .range(let range):
            return position(index, count: range.count).map { .integer(range[$0]) }
        case .string(let text), .markup(let text):
            guard let offset = index.integer else { return nil }
            try charge(bytes: text.utf8.count)
            let scalars = text.unicodeScalars
            let (start, limit) =
                offset < 0
                ? (scalars.endIndex, scalars.startIndex) : (scalars.startIndex, scalars.endIndex)
            guard let place = scalars.index(start, offsetBy: offset, limitedBy: limit),
                place < scalars.endIndex
            else { return nil }
            return same(base, String(scalars[place]))
        default: return nil
        }
    }

    private func position(_ index: TemplateValue, count: Int) -> Int? {
        guard let index = index.integer else { return nil }
        let position = index < 0 ? index + count : index
        return position >= 0 && position < count ? position : nil
    }

    /// An attribute that the object has apart from its entries.
    private func ownAttribute(
        _ name: String, method: Method?, of base: TemplateValue
    ) throws(TemplateError) -> TemplateValue? {
        if name.hasPrefix("__"), name.hasSuffix("__") {
            return .undefined(Undefined(.message("access to attribute '\(name)' is unsafe.")))
        }
        if case .namespace(let namespace) = base { return namespace.attributes[name] }
        if let method {
            switch method.exists(on: base) {
            case true?: return .callable(CallableValue(.method(base, method)))
            case false?: break
            case nil:
                let reason = "access to attribute '\(name)' of '\(base.typeName)' is unsafe."
                return .undefined(Undefined(.message(reason)))
            }
        }
        switch base {
        case .loop(let loop): return try attribute(name, of: loop)
        case .cycler(let cycler):
            switch name {
            case "current": return cycler.current
            case "items": return .tuple(cycler.items)
            case "pos": return .integer(cycler.position)
            default: return nil
            }
        case .tuple(let elements):
            return elements.fieldNames.firstIndex(of: name).map { elements.items[$0] }
        case .range(let range):
            return ["start": range.start, "stop": range.stop, "step": range.step][name].map {
                .integer($0)
            }
        case .integer, .bool, .float: return numberAttribute(name, of: base)
        case .callable(let callable): return attribute(name, of: callable)
        default: return nil
        }
    }

    private func numberAttribute(_ name: String, of base: TemplateValue) -> TemplateValue? {
        switch (name, base) {
        case ("real", .float), ("real", .integer): base
        case ("imag", .float): .float(0)
        case ("real", .bool(let flag)), ("numerator", .bool(let flag)): .integer(flag ? 1 : 0)
        case ("numerator", .integer): base
        case ("imag", .integer), ("imag", .bool): .integer(0)
        case ("denominator", .integer), ("denominator", .bool): .integer(1)
        default: nil
        }
    }

    private func attribute(_ name: String, of callable: CallableValue) -> TemplateValue? {
        switch callable.kind {
        case .macro(let value):
            let macro = value.macro
            switch name {
            case "name": return .string(macro.symbol.name)
            case "arguments":
                return .tuple(Elements(macro.parameters.map { .string($0.symbol.name) }))
            case "catch_kwargs": return .bool(macro.takesVariableNamed)
            case "catch_varargs": return .bool(macro.takesVariablePositional)
            case "caller": return .bool(macro.takesCaller)
            default: return nil
            }
        case .joiner(let joiner):
            switch name {
            case "sep": return joiner.separator
            case "used": return .bool(joiner.isUsed)
            default: return nil
            }
        default: return nil
        }
    }

    private func missing(_ name: String, of base: TemplateValue) -> TemplateValue {
        .undefined(Undefined(.attribute(ofType: objectName(base), name: name)))
    }

    private func objectName(_ value: TemplateValue) -> String {
        value.isNone ? "None" : "\(value.typeName) object"
    }

    // MARK: Slices

    func slice(
        _ base: TemplateValue, start: Int?, stop: Int?, step: Int?
    ) throws(TemplateError) -> TemplateValue {
        let step = step ?? 1
        guard step != 0 else { throw failure("slice step cannot be zero") }
        switch base {
        case .undefined(let undefined): throw failure(undefined)
        case .list(let elements):
            let items = elements.items
            return .list(
                Elements(try indexes(items.count, start, stop, step).map { items[$0] }))
        case .tuple(let elements):
            let items = elements.items
            return .tuple(
                Elements(try indexes(items.count, start, stop, step).map { items[$0] }))
        case .string(let text), .markup(let text):
            try charge(bytes: text.utf8.count)
            if step == 1 { return same(base, substring(text, start, stop)) }
            let scalars = Array(text.unicodeScalars)
            var result = String.UnicodeScalarView()
            for index in try indexes(scalars.count, start, stop, step) {
                result.append(scalars[index])
            }
            return same(base, String(result))
        case .range(let range):
            let (first, end) = bounds(range.count, start, stop, step)
            guard let first = range.place(first), let end = range.place(end),
                case let (newStep, overflow) = range.step.multipliedReportingOverflow(by: step),
                !overflow, let result = RangeValue(start: first, stop: end, step: newStep)
            else { throw limit("integer too large") }
            return .range(result)
        default: throw failure("'\(base.typeName)' object is not subscriptable")
        }
    }

    /// A string of the same kind as `base`.
    func same(_ base: TemplateValue, _ text: String) -> TemplateValue {
        if case .markup = base { return .markup(text) }
        return .string(text)
    }

    /// The first index of a slice and the one it ends before, within the elements.
    private func bounds(
        _ count: Int, _ start: Int?, _ stop: Int?, _ step: Int
    ) -> (first: Int, end: Int) {
        let (low, high) = step > 0 ? (0, count) : (-1, count - 1)
        func clamp(_ bound: Int) -> Int {
            max(low, min(high, bound < 0 ? bound + count : bound))
        }
        return (
            start.map(clamp) ?? (step > 0 ? low : high),
            stop.map(clamp) ?? (step > 0 ? high : low)
        )
    }

    private func indexes(
        _ count: Int, _ start: Int?, _ stop: Int?, _ step: Int
    ) throws(TemplateError) -> [Int] {
        let (first, end) = bounds(count, start, stop, step)
        let distance = step > 0 ? end - first : first - end
        let length = distance > 0 ? Int((UInt(distance) - 1) / step.magnitude) + 1 : 0
        try charge(length)
        var result: [Int] = []
        result.reserveCapacity(length)
        for index in 0..<length { result.append(first + index * step) }
        return result
    }

    /// `text[start:stop]` in scalars.
    func substring(_ text: String, _ start: Int?, _ stop: Int?) -> String {
        let scalars = text.unicodeScalars
        func place(_ bound: Int) -> String.Index {
            bound < 0
                ? scalars.index(scalars.endIndex, offsetBy: bound, limitedBy: scalars.startIndex)
                    ?? scalars.startIndex
                : scalars.index(scalars.startIndex, offsetBy: bound, limitedBy: scalars.endIndex)
                    ?? scalars.endIndex
        }
        let first = start.map(place) ?? scalars.startIndex
        let end = stop.map(place) ?? scalars.endIndex
        return first < end ? String(scalars[first..<end]) : ""
    }
}
