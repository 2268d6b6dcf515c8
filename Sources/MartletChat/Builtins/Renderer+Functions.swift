extension Renderer {
    /// Calls a global function.
    func call(
        _ function: GlobalFunction, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        switch function {
        case .range: return try makeRange(arguments)
        case .dict: return .dictionary(Mapping(try makeMapping(arguments)))
        case .namespace:
            let attributes = try makeMapping(arguments)
            for key in attributes.keys { try checkAttributeName(key.text ?? "") }
            let namespace = Namespace(attributes)
            track(namespace)
            try charge(16)
            return .namespace(namespace)
        case .cycler:
            try requirePositional(arguments, "cycler")
            guard !arguments.positional.isEmpty else {
                throw failure("at least one item has to be provided")
            }
            return try checked(.cycler(Cycler(Elements(arguments.positional))))
        case .joiner:
            let values = try bind(arguments, "joiner", ["sep"])
            let joiner = Joiner(separator: values[0] ?? .string(", "))
            return try checked(.callable(CallableValue(.joiner(joiner))))
        case .raiseException:
            let values = try bind(arguments, "raise_exception", ["message"], required: 1)
            throw .raised(message: try text(of: values[0] ?? .none))
        }
    }

    private func makeRange(_ arguments: Arguments) throws(TemplateError) -> TemplateValue {
        let values = try positional(arguments, "range", 1...3)
        var bounds: [Int] = []
        for value in values { bounds.append(try integer(value, default: 0)) }
        let step = bounds.count == 3 ? bounds[2] : 1
        guard step != 0 else { throw failure("range() arg 3 must not be zero") }
        let (start, stop) = bounds.count == 1 ? (0, bounds[0]) : (bounds[0], bounds[1])
        guard let range = RangeValue(start: start, stop: stop, step: step),
            range.count <= limits.maximumRangeLength
        else { throw limit("a range of more than \(limits.maximumRangeLength) elements") }
        return .range(range)
    }

    /// What Python's `dict(…)` makes of the arguments.
    private func makeMapping(_ arguments: Arguments) throws(TemplateError) -> MappingBuilder {
        guard arguments.positional.count <= 1 else {
            throw failure(
                "dict expected at most 1 argument, got \(arguments.positional.count)")
        }
        var builder = MappingBuilder()
        switch arguments.positional.first {
        case nil: break
        case .dictionary(let mapping):
            for (key, value) in zip(mapping.keys, mapping.values) {
                builder.insert(key, hashed: try hashed(key), value)
            }
        case .some(let pairs):
            for pair in try list(pairs) {
                let items = try list(pair)
                guard items.count == 2 else {
                    throw failure("dictionary update sequence element has length \(items.count)")
                }
                builder.insert(items[0], hashed: try hashed(items[0]), items[1])
            }
        }
        for (name, value) in arguments.named { builder.insert(name, value) }
        return builder
    }

    /// Calls a method that ``Method/exists(on:)`` accepts for the receiver.
    func call(
        _ method: Method, on receiver: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        switch receiver {
        case .string(let text), .markup(let text):
            return try callStringMethod(method, text, receiver, arguments)
        case .list, .tuple, .range:
            return try callSequenceMethod(method, receiver, arguments)
        case .dictionary(let mapping):
            return try callMappingMethod(method, mapping, receiver, arguments)
        case .callable: return try makeMapping(fromKeys: arguments)
        case .loop(let loop): return try callLoopMethod(loop, method, arguments)
        case .cycler(let cycler):
            _ = try positional(arguments, method.rawValue, 0...0)
            if method == .reset {
                cycler.position = 0
                return .none
            }
            defer { cycler.position = (cycler.position + 1) % cycler.items.items.count }
            return cycler.current
        default: return try callNumberMethod(method, receiver, arguments)
        }
    }

    private func callSequenceMethod(
        _ method: Method, _ receiver: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        if method == .copy {
            _ = try positional(arguments, "copy", 0...0)
            return receiver
        }
        let values = try positional(arguments, method.rawValue, 1...(method == .count ? 1 : 3))
        let items = try list(receiver)
        var (start, end) = (0, items.count)
        if values.count > 1 {
            let bound = try integer(values[1], default: 0)
            start = max(0, bound < 0 ? bound + items.count : bound)
        }
        if values.count > 2 {
            let bound = try integer(values[2], default: 0)
            end = max(0, min(items.count, bound < 0 ? bound + items.count : bound))
        }
        var count = 0
        for index in items.indices where index >= start && index < end {
            guard try areSame(items[index], values[0]) else { continue }
            if method == .index { return .integer(index) }
            count += 1
        }
        guard method == .count else {
            throw failure("\(try representation(of: values[0])) is not in \(receiver.typeName)")
        }
        return .integer(count)
    }

    private func callMappingMethod(
        _ method: Method, _ mapping: Mapping, _ receiver: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        switch method {
        case .get:
            let values = try positional(arguments, "get", 1...2)
            let found = mapping[try hashed(values[0])]
            return found ?? (values.count > 1 ? values[1] : .none)
        case .fromkeys: return try makeMapping(fromKeys: arguments)
        default: _ = try positional(arguments, method.rawValue, 0...0)
        }
        switch method {
        case .keys: return .view(MappingView(mapping, .keys))
        case .values: return .view(MappingView(mapping, .values))
        case .items: return .view(MappingView(mapping, .items))
        default: return receiver
        }
    }

    private func makeMapping(
        fromKeys arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try positional(arguments, "fromkeys", 1...2)
        var builder = MappingBuilder()
        for key in try list(values[0]) {
            builder.insert(key, hashed: try hashed(key), values.count > 1 ? values[1] : .none)
        }
        return .dictionary(Mapping(builder))
    }

    private func callNumberMethod(
        _ method: Method, _ receiver: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        _ = try positional(arguments, method.rawValue, 0...0)
        switch (method, receiver) {
        case (.conjugate, .float): return receiver
        case (.conjugate, _): return .integer(receiver.integer ?? 0)
        case (.isInteger, .float(let number)):
            return .bool(number.isFinite && number.rounded() == number)
        case (.bitLength, _):
            let magnitude = (receiver.integer ?? 0).magnitude
            return .integer(UInt.bitWidth - magnitude.leadingZeroBitCount)
        default: return .integer((receiver.integer ?? 0).magnitude.nonzeroBitCount)
        }
    }
}
