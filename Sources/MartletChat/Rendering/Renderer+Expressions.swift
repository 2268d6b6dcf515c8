extension Renderer {
    func evaluate(_ expression: Expression) throws(TemplateError) -> TemplateValue {
        try charge()
        if case .name(let symbol) = expression.kind { return lookup(symbol) }
        if case .constant(let constant) = expression.kind { return TemplateValue(constant) }
        try enter()
        let value = try evaluateNode(expression)
        leave()
        try check(value)
        return value
    }

    /// Every case is a call that is not inlined: the frame of this function is in every level of
    /// the recursion, and its temporaries would be too.
    @inline(never)
    private func evaluateNode(_ expression: Expression) throws(TemplateError) -> TemplateValue {
        switch expression.kind {
        case .constant(let constant): TemplateValue(constant)
        case .name(let symbol): lookup(symbol)
        case .attribute(let base, let name, let method):
            try evaluateAttribute(base, name, method)
        case .item(let base, let index): try evaluateItem(base, index)
        case .slice(let base, let slice): try evaluateSlice(base, slice)
        case .call(let callee, let arguments): try evaluateCall(callee, arguments)
        case .filter(let operand, let reference, let arguments):
            try evaluateFilter(operand, reference, arguments)
        case .test(let operand, let reference, let arguments):
            try evaluateTest(operand, reference, arguments)
        case .unary(let operation, let operand): try evaluateUnary(operation, operand)
        case .binary(let operation, let left, let right):
            try evaluateBinary(operation, left, right)
        case .and(let left, let right): try evaluateLogical(left, right, isAnd: true)
        case .or(let left, let right): try evaluateLogical(left, right, isAnd: false)
        case .concatenation(let parts): try evaluateConcatenation(parts)
        case .comparison(let left, let operands): try evaluateComparison(left, operands)
        case .conditional(let test, let then, let otherwise):
            try evaluateConditional(test, then, otherwise)
        case .list(let elements): try evaluateElements(elements, isTuple: false)
        case .tuple(let elements): try evaluateElements(elements, isTuple: true)
        case .dictionary(let entries): try evaluateDictionary(entries)
        }
    }

    @inline(never)
    private func evaluateAttribute(
        _ base: Expression, _ name: String, _ method: Method?
    ) throws(TemplateError) -> TemplateValue {
        try attribute(name, method: method, of: try evaluate(base))
    }

    @inline(never)
    private func evaluateItem(
        _ base: Expression, _ index: Expression
    ) throws(TemplateError) -> TemplateValue {
        let base = try evaluate(base)
        return try item(try evaluate(index), of: base)
    }

    @inline(never)
    private func evaluateUnary(
        _ operation: UnaryOperator, _ operand: Expression
    ) throws(TemplateError) -> TemplateValue {
        try apply(operation, to: try evaluate(operand))
    }

    @inline(never)
    private func evaluateBinary(
        _ operation: BinaryOperator, _ left: Expression, _ right: Expression
    ) throws(TemplateError) -> TemplateValue {
        let left = try evaluate(left)
        return try apply(operation, left, try evaluate(right))
    }

    @inline(never)
    private func evaluateLogical(
        _ left: Expression, _ right: Expression, isAnd: Bool
    ) throws(TemplateError) -> TemplateValue {
        let left = try evaluate(left)
        return try isTrue(left) == isAnd ? try evaluate(right) : left
    }

    @inline(never)
    private func evaluateConditional(
        _ test: Expression, _ then: Expression, _ otherwise: Expression?
    ) throws(TemplateError) -> TemplateValue {
        if try isTrue(try evaluate(test)) { return try evaluate(then) }
        if let otherwise { return try evaluate(otherwise) }
        let reason =
            "the inline if-expression on line \(line) evaluated to false and no else section was "
            + "defined."
        return .undefined(Undefined(.message(reason)))
    }

    @inline(never)
    private func evaluateElements(
        _ expressions: [Expression], isTuple: Bool
    ) throws(TemplateError) -> TemplateValue {
        let elements = Elements(try evaluateAll(expressions))
        return isTuple ? .tuple(elements) : .list(elements)
    }

    @inline(never)
    private func evaluateAll(_ expressions: [Expression]) throws(TemplateError) -> [TemplateValue] {
        var values: [TemplateValue] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression)) }
        return values
    }

    @inline(never)
    private func evaluateDictionary(
        _ entries: [DictionaryEntry]
    ) throws(TemplateError) -> TemplateValue {
        var builder = MappingBuilder()
        for entry in entries {
            let key = try evaluate(entry.key)
            let value = try evaluate(entry.value)
            builder.insert(key, hashed: try hashed(key), value)
        }
        return .dictionary(Mapping(builder))
    }

    @inline(never)
    private func evaluateConcatenation(
        _ parts: [Expression]
    ) throws(TemplateError) -> TemplateValue {
        var result = ""
        for value in try evaluateAll(parts) {
            let text = try text(of: value)
            try charge(bytes: result.utf8.count + text.utf8.count)
            result += text
        }
        return .string(result)
    }

    @inline(never)
    private func evaluateComparison(
        _ left: Expression, _ operands: [ComparisonOperand]
    ) throws(TemplateError) -> TemplateValue {
        var left = try evaluate(left)
        for operand in operands {
            let right = try evaluate(operand.expression)
            guard try compare(left, operand.comparison, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    @inline(never)
    private func evaluateSlice(
        _ base: Expression, _ slice: Slice
    ) throws(TemplateError) -> TemplateValue {
        let base = try evaluate(base)
        var bounds: [Int?] = []
        for expression in [slice.start, slice.stop, slice.step] {
            guard let expression, case let value = try evaluate(expression), !value.isNone else {
                bounds.append(nil)
                continue
            }
            guard let bound = value.integer else {
                throw failure("slice indices must be integers or None")
            }
            bounds.append(bound)
        }
        return try self.slice(base, start: bounds[0], stop: bounds[1], step: bounds[2])
    }

    @inline(never)
    private func evaluateFilter(
        _ operand: Expression?, _ reference: FilterReference, _ arguments: CallArguments
    ) throws(TemplateError) -> TemplateValue {
        guard let operand else { throw failure("a filter without an operand") }
        guard let filter = reference.filter else {
            throw failure("No filter named '\(reference.name)' found.")
        }
        let value = try evaluate(operand)
        return try apply(filter, to: value, try evaluate(arguments))
    }

    /// Applies the filters of a `{% filter %}` or `{% set %}` block to the text of its body.
    func apply(_ chain: Expression, to value: TemplateValue) throws(TemplateError) -> TemplateValue
    {
        guard case .filter(let operand, let reference, let arguments) = chain.kind,
            let filter = reference.filter
        else { throw failure("expected a filter") }
        try enter()
        defer { leave() }
        let input = try operand.map { chain throws(TemplateError) in try apply(chain, to: value) }
        return try checked(try apply(filter, to: input ?? value, try evaluate(arguments)))
    }

    @inline(never)
    private func evaluateTest(
        _ operand: Expression, _ reference: TestReference, _ arguments: CallArguments
    ) throws(TemplateError) -> TemplateValue {
        guard let test = reference.test else {
            throw failure("No test named '\(reference.name)' found.")
        }
        let value = try evaluate(operand)
        return .bool(try apply(test, to: value, try evaluate(arguments)))
    }

    @inline(never)
    private func evaluateCall(
        _ callee: Expression, _ arguments: CallArguments
    ) throws(TemplateError) -> TemplateValue {
        if case .attribute(let base, let name, let method?) = callee.kind {
            let receiver = try evaluate(base)
            if method.exists(on: receiver) == true {
                return try call(method, on: receiver, try evaluate(arguments))
            }
            let target = try attribute(name, method: method, of: receiver)
            return try call(target, try evaluate(arguments))
        }
        let target = try evaluate(callee)
        return try call(target, try evaluate(arguments))
    }

    func call(
        _ target: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        switch target {
        case .callable(let callable):
            switch callable.kind {
            case .function(let function): return try call(function, arguments)
            case .method(let receiver, let method):
                return try call(method, on: receiver, arguments)
            case .macro(let macro): return try call(macro, arguments)
            case .joiner(let joiner):
                _ = try positional(arguments, "joiner", 0...0)
                defer { joiner.isUsed = true }
                return joiner.isUsed ? joiner.separator : .string("")
            }
        case .loop(let loop):
            let values = try bind(arguments, "loop", ["iterable"], required: 1)
            return try recurse(loop, over: values[0] ?? .none)
        case .undefined(let undefined): throw failure(undefined)
        default: throw failure("'\(target.typeName)' object is not callable")
        }
    }
}
