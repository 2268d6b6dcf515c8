extension Renderer {
    /// `map`, `select`, `reject`, `selectattr` and `rejectattr`: generators, which do their work
    /// when they are walked.
    func applyMappingFilter(
        _ filter: Filter, _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let deepest = (arguments.positional + arguments.named.map(\.value))
            .reduce(value.depth) { max($0, $1.depth) }
        var started: ValueIterator?
        var transform: ((TemplateValue) throws(TemplateError) -> TemplateValue?)?
        let iterator = ValueIterator(depth: deepest + 1) {
            [unowned self] () throws(TemplateError) in
            if started == nil {
                guard try isTrue(value) else { return nil }
                transform = try filter == .map ? mapper(arguments) : selector(filter, arguments)
                started = try iterate(value)
            }
            guard let started, let transform else { return nil }
            while let element = try started.next() {
                try charge()
                if let result = try transform(element) { return result }
            }
            return nil
        }
        return .iterator(iterator)
    }

    private func mapper(
        _ arguments: Arguments
    ) throws(TemplateError) -> (TemplateValue) throws(TemplateError) -> TemplateValue? {
        if arguments.positional.isEmpty,
            let attribute = arguments.named.first(where: { $0.name == "attribute" })
        {
            let replacement = arguments.named.first { $0.name == "default" }?.value
            if let extra = arguments.named.first(where: {
                $0.name != "attribute" && $0.name != "default"
            }) {
                throw failure("Unexpected keyword argument '\(extra.name)'")
            }
            let path = try attributeGetter(attribute.value)
            let usable = replacement.flatMap { $0.isNone ? nil : $0 }
            return { [unowned self] (item) throws(TemplateError) in
                try get(path, from: item, default: usable)
            }
        }
        guard let name = arguments.positional.first else {
            throw failure("map requires a filter argument")
        }
        guard let text = name.text, let filter = Filter(rawValue: text) else {
            throw failure("No filter named \(try representation(of: name)).")
        }
        let rest = Arguments(
            positional: Array(arguments.positional.dropFirst()), named: arguments.named)
        return { [unowned self] (item) throws(TemplateError) in
            try enter()
            defer { leave() }
            return try apply(filter, to: item, rest)
        }
    }

    private func selector(
        _ filter: Filter, _ arguments: Arguments
    ) throws(TemplateError) -> (TemplateValue) throws(TemplateError) -> TemplateValue? {
        var rest = arguments
        var path: AttributePath = []
        if filter == .selectattr || filter == .rejectattr {
            guard !rest.positional.isEmpty else {
                throw failure("Missing parameter for attribute name")
            }
            path = try attributeGetter(rest.positional.removeFirst())
        }
        let wanted = filter == .select || filter == .selectattr
        guard !rest.positional.isEmpty else {
            return { [unowned self] (item) throws(TemplateError) in
                try isTrue(try get(path, from: item)) == wanted ? item : nil
            }
        }
        let name = rest.positional.removeFirst()
        guard let text = name.text, let test = Test(rawValue: text) else {
            throw failure("No test named \(try representation(of: name)).")
        }
        return { [unowned self] (item) throws(TemplateError) in
            try apply(test, to: try get(path, from: item), rest) == wanted ? item : nil
        }
    }
}
