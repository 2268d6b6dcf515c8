extension Renderer {
    func makeMacro(_ macro: Macro) -> TemplateValue {
        if !scope.isTracked {
            scope.isTracked = true
            track(scope)
        }
        return .callable(CallableValue(.macro(MacroValue(macro, scope: scope))))
    }

    func executeCallBlock(
        _ macro: Macro, callee: Expression, _ arguments: CallArguments
    ) throws(TemplateError) {
        try enter()
        defer { leave() }
        let target = try evaluate(callee)
        var values = try evaluate(arguments)
        values.named.append(("caller", makeMacro(macro)))
        let line = line
        let result = try output(of: try call(target, values))
        self.line = line
        try write(result)
    }

    func call(
        _ value: MacroValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let macro = value.macro
        var named = arguments.named
        let inner = makeScope(for: macro.body, in: value.scope)
        let missing = try bindPositional(macro, arguments.positional, &named, in: inner)
        try bindSpecial(macro, arguments.positional, &named, in: inner)
        let line = line
        let outerScope = scope
        scope = inner
        defer {
            scope = outerScope
            self.line = line
        }
        for parameter in missing {
            let reason = "parameter '\(parameter.symbol.name)' was not provided"
            inner.bind(parameter.symbol, .undefined(Undefined(.message(reason))))
        }
        for parameter in missing {
            if let defaultValue = parameter.defaultValue {
                inner.bind(parameter.symbol, try evaluate(defaultValue))
            }
        }
        return try capture(macro.body, in: inner).1
    }

    /// Binds the parameters that arguments are given for; returns the others.
    private func bindPositional(
        _ macro: Macro, _ positional: [TemplateValue],
        _ named: inout [(name: String, value: TemplateValue)], in inner: Scope
    ) throws(TemplateError) -> [Macro.Parameter] {
        var missing: [Macro.Parameter] = []
        for (index, parameter) in macro.parameters.enumerated() {
            if index < positional.count {
                inner.bind(parameter.symbol, positional[index])
            } else if let given = named.firstIndex(where: { $0.name == parameter.symbol.name }) {
                inner.bind(parameter.symbol, named.remove(at: given).value)
            } else {
                missing.append(parameter)
            }
        }
        if positional.count > macro.parameters.count, !macro.takesVariablePositional {
            throw failure(
                "macro '\(macro.symbol.name)' takes not more than "
                    + "\(macro.parameters.count) argument(s)")
        }
        return missing
    }

    /// Binds `caller`, `kwargs` and `varargs` where the macro reads them.
    private func bindSpecial(
        _ macro: Macro, _ positional: [TemplateValue],
        _ named: inout [(name: String, value: TemplateValue)], in inner: Scope
    ) throws(TemplateError) {
        let hasCaller = macro.parameters.contains { $0.symbol.name == "caller" }
        if macro.takesCaller, !hasCaller {
            let given = named.firstIndex { $0.name == "caller" }
            let caller = given.map { named.remove(at: $0).value }
            inner.bind(
                .caller,
                caller ?? .undefined(Undefined(.message("No caller defined"))))
        }
        if macro.takesVariableNamed {
            var builder = MappingBuilder()
            for (name, value) in named { builder.insert(name, value) }
            inner.bind(
                .namedArguments, try checked(.dictionary(Mapping(builder))))
        } else if let extra = named.first {
            throw failure(
                "macro '\(macro.symbol.name)' takes no keyword argument '\(extra.name)'")
        }
        if macro.takesVariablePositional {
            let rest = Array(positional.dropFirst(macro.parameters.count))
            inner.bind(
                .positionalArguments, try checked(.tuple(Elements(rest))))
        }
    }
}
