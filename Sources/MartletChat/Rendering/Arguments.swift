/// The evaluated arguments of a call.
struct Arguments {
    var positional: [TemplateValue] = []
    var named: [(name: String, value: TemplateValue)] = []
}

extension Renderer {
    func evaluate(_ arguments: CallArguments) throws(TemplateError) -> Arguments {
        if arguments.isEmpty { return Arguments() }
        var result = Arguments()
        for expression in arguments.positional {
            result.positional.append(try evaluate(expression))
        }
        for (name, expression) in arguments.named {
            result.named.append((name, try evaluate(expression)))
        }
        if let splat = arguments.splat {
            result.positional.append(contentsOf: try list(try evaluate(splat)))
        }
        if let splat = arguments.namedSplat {
            guard case .dictionary(let mapping) = try evaluate(splat) else {
                throw failure("argument after ** must be a mapping")
            }
            guard mapping.count <= Parser.maximumArgumentCount else {
                throw limit("too many arguments")
            }
            for (key, value) in zip(mapping.keys, mapping.values) {
                guard let name = key.text else { throw failure("keywords must be strings") }
                guard !result.named.contains(where: { $0.name == name }) else {
                    throw failure("got multiple values for keyword argument '\(name)'")
                }
                result.named.append((name, value))
                try charge()
            }
        }
        return result
    }

    /// Sorts arguments into the parameters of a built-in function, as a Python call does.
    ///
    /// - Parameter required: how many of the first parameters must be given.
    func bind(
        _ arguments: Arguments, _ function: String, _ parameters: [String], required: Int = 0
    ) throws(TemplateError) -> [TemplateValue?] {
        guard arguments.positional.count <= parameters.count else {
            throw failure(
                "\(function)() takes at most \(parameters.count) arguments "
                    + "(\(arguments.positional.count) given)")
        }
        var values: [TemplateValue?] = arguments.positional
        while values.count < parameters.count { values.append(nil) }
        for (name, value) in arguments.named {
            guard let index = parameters.firstIndex(of: name) else {
                throw failure("\(function)() got an unexpected keyword argument '\(name)'")
            }
            guard values[index] == nil else {
                throw failure("\(function)() got multiple values for argument '\(name)'")
            }
            values[index] = value
        }
        for index in 0..<required where values[index] == nil {
            throw failure(
                "\(function)() missing 1 required positional argument: '\(parameters[index])'")
        }
        return values
    }

    /// The values of `count` optional parameters that cannot be named, of which the first
    /// `required` must be given.
    func positional(
        _ arguments: Arguments, _ function: String, _ counts: ClosedRange<Int>
    ) throws(TemplateError) -> [TemplateValue] {
        try requirePositional(arguments, function)
        guard counts.contains(arguments.positional.count) else {
            throw failure(
                "\(function)() takes \(counts.lowerBound) to \(counts.upperBound) arguments "
                    + "(\(arguments.positional.count) given)")
        }
        return arguments.positional
    }

    func requirePositional(
        _ arguments: Arguments, _ function: String
    ) throws(TemplateError) {
        guard arguments.named.isEmpty else {
            throw failure("\(function)() takes no keyword arguments")
        }
    }

    /// An integer argument, booleans included.
    func integer(
        _ value: TemplateValue?, default defaultValue: Int
    ) throws(TemplateError) -> Int {
        guard let value else { return defaultValue }
        if let integer = value.integer { return integer }
        if case .undefined(let undefined) = value { throw failure(undefined) }
        throw failure("'\(value.typeName)' object cannot be interpreted as an integer")
    }

    /// A string argument.
    func string(_ value: TemplateValue?, _ function: String) throws(TemplateError) -> String {
        guard let value else { throw failure("\(function)() needs a string") }
        if let text = value.text { return text }
        throw failure("\(function)() argument must be str, not \(value.typeName)")
    }

    /// A boolean argument: any value by its truth.
    func flag(
        _ value: TemplateValue?, default defaultValue: Bool = false
    ) throws(TemplateError) -> Bool {
        try value.map { value throws(TemplateError) in try isTrue(value) } ?? defaultValue
    }
}
