extension Renderer {
    func executeLoop(_ loop: Loop) throws(TemplateError) -> Flow {
        try executeLoop(loop, over: try evaluate(loop.iterable), depth0: 0)
    }

    private func executeLoop(
        _ loop: Loop, over iterable: TemplateValue, depth0: Int
    ) throws(TemplateError) -> Flow {
        let outer = scope
        var iterator = try iterate(iterable)
        var count = loop.filter == nil ? length(of: iterable) : nil
        if case .iterator = iterable { count = nil }
        if let filter = loop.filter {
            iterator = filtered(iterator, by: filter, target: loop.target, in: outer)
        }
        let recursion = loop.isRecursive ? (loop: loop, scope: outer) : nil
        let context = LoopContext(
            iterator: iterator, count: count, depth0: depth0, recursion: recursion)
        let loopValue = try checked(.loop(context))
        if loop.isRecursive || loop.filter != nil { track(context) }
        let inner = Scope(parent: outer)
        let isEmpty = try inScope(inner) { () throws(TemplateError) in
            try run(loop, context, loopValue, in: inner)
        }
        guard isEmpty, !loop.otherwise.statements.isEmpty else { return .normal }
        let scope = makeScope(for: loop.otherwise, in: outer)
        return try inScope(scope) { () throws(TemplateError) in
            try execute(loop.otherwise.statements)
        }
    }

    /// Runs the rounds of a loop; returns whether no round ran to the end of the body, which is
    /// when jinja2 runs the `else` part.
    private func run(
        _ loop: Loop, _ context: LoopContext, _ loopValue: TemplateValue, in inner: Scope
    ) throws(TemplateError) -> Bool {
        var isEmpty = true
        while try context.advance(), let element = context.current {
            try charge()
            inner.reset()
            inner.bind(.loop, loopValue)
            hideVariables(of: loop.body, in: inner)
            try bind(loop.target, element)
            switch try execute(loop.body.statements) {
            case .normal: isEmpty = false
            case .nextRound: continue
            case .leaveLoop: return isEmpty
            }
        }
        return isEmpty
    }

    private func filtered(
        _ iterator: ValueIterator, by filter: Expression, target: Target, in outer: Scope
    ) -> ValueIterator {
        ValueIterator(depth: iterator.depth) { [unowned self] () throws(TemplateError) in
            while let element = try iterator.next() {
                try charge()
                let isKept = try inScope(Scope(parent: outer)) { () throws(TemplateError) in
                    try bind(target, element)
                    return try isTrue(try evaluate(filter))
                }
                if isKept { return element }
            }
            return nil
        }
    }

    /// Calls the variable `loop` of a recursive loop: renders the loop over `iterable`.
    func recurse(
        _ context: LoopContext, over iterable: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        guard let recursion = context.recursion else {
            throw failure("The loop must have the 'recursive' marker to be called recursively.")
        }
        let outer = output
        output = ""
        defer { output = outer }
        try inScope(recursion.scope) { () throws(TemplateError) in
            _ = try executeLoop(
                recursion.loop, over: iterable, depth0: context.depth0 + 1)
        }
        return .string(output)
    }

    /// An attribute of the variable `loop`; nil where there is none of that name.
    func attribute(_ name: String, of loop: LoopContext) throws(TemplateError) -> TemplateValue? {
        switch name {
        case "index": return .integer(loop.index0 + 1)
        case "index0": return .integer(loop.index0)
        case "revindex": return .integer(try loop.count() - loop.index0)
        case "revindex0": return .integer(try loop.count() - loop.index0 - 1)
        case "first": return .bool(loop.index0 == 0)
        case "last": return .bool(try loop.peek() == nil)
        case "length": return .integer(try loop.count())
        case "depth": return .integer(loop.depth0 + 1)
        case "depth0": return .integer(loop.depth0)
        case "previtem":
            return loop.previous ?? .undefined(Undefined(.message("there is no previous item")))
        case "nextitem":
            return try loop.peek() ?? .undefined(Undefined(.message("there is no next item")))
        default: return nil
        }
    }

    func callLoopMethod(
        _ loop: LoopContext, _ method: Method, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        try requirePositional(arguments, method.rawValue)
        let values = arguments.positional
        if method == .cycle {
            guard !values.isEmpty else { throw failure("no items for cycling given") }
            return values[loop.index0 % values.count]
        }
        if let last = loop.lastChanged, try areEqual(last, values) { return .bool(false) }
        loop.lastChanged = values
        if !loop.isTracked {
            loop.isTracked = true
            track(loop)
        }
        return .bool(true)
    }
}
