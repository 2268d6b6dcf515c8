extension Renderer {
    func apply(
        _ operation: UnaryOperator, to value: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        if operation == .not { return .bool(try !isTrue(value)) }
        switch value {
        case .undefined(let undefined): throw failure(undefined)
        case .float(let number): return .float(operation == .negate ? -number : number)
        case .integer, .bool:
            let number = value.integer ?? 0
            guard operation == .negate else { return .integer(number) }
            let (result, overflow) = (0).subtractingReportingOverflow(number)
            guard !overflow else { throw limit("integer too large") }
            return .integer(result)
        default:
            throw failure(
                "bad operand type for unary \(operation == .negate ? "-" : "+"): "
                    + "'\(value.typeName)'")
        }
    }

    func apply(
        _ operation: BinaryOperator, _ left: TemplateValue, _ right: TemplateValue
    ) throws(TemplateError) -> TemplateValue {
        if operation == .remainder, let format = left.text {
            return same(left, try percentFormat(format, right))
        }
        if case .undefined(let undefined) = left { throw failure(undefined) }
        if case .undefined(let undefined) = right { throw failure(undefined) }
        if let left = left.integer, let right = right.integer {
            return try evaluateIntegers(operation, left, right)
        }
        if let left = left.double, let right = right.double {
            return .float(try evaluateFloats(operation, left, right))
        }
        switch operation {
        case .add: if let sum = try concatenate(left, right) { return sum }
        case .multiply:
            if let count = right.integer, let product = try repeated(left, count) {
                return product
            }
            if let count = left.integer, let product = try repeated(right, count) {
                return product
            }
        default: break
        }
        throw failure(
            "unsupported operand type(s) for \(operation.rawValue): '\(left.typeName)' and "
                + "'\(right.typeName)'")
    }

    /// The sum of two strings, lists or tuples; nil for other values.
    private func concatenate(
        _ left: TemplateValue, _ right: TemplateValue
    ) throws(TemplateError) -> TemplateValue? {
        if let first = left.text, let second = right.text {
            try charge(bytes: first.utf8.count + second.utf8.count)
            switch (left, right) {
            case (.string, .string): return .string(first + second)
            case (.markup, .string): return .markup(first + PythonText.escaped(second))
            case (.string, .markup): return .markup(PythonText.escaped(first) + second)
            default: return .markup(first + second)
            }
        }
        switch (left, right) {
        case (.list(let left), .list(let right)):
            try charge(left.items.count + right.items.count)
            return .list(Elements(left.items + right.items))
        case (.tuple(let left), .tuple(let right)):
            try charge(left.items.count + right.items.count)
            return .tuple(Elements(left.items + right.items))
        default: return nil
        }
    }

    /// A string, list or tuple `count` times; nil for other values.
    private func repeated(
        _ value: TemplateValue, _ count: Int
    ) throws(TemplateError) -> TemplateValue? {
        let count = max(0, count)
        if let text = value.text {
            let (bytes, overflow) = text.utf8.count.multipliedReportingOverflow(by: count)
            guard !overflow else { throw limit("text too long") }
            try charge(bytes: bytes)
            return same(value, text.isEmpty ? "" : String(repeating: text, count: count))
        }
        guard let items = value.elements else { return nil }
        let (size, overflow) = items.count.multipliedReportingOverflow(by: count)
        guard !overflow else { throw limit("too much work") }
        try charge(size)
        var result: [TemplateValue] = []
        result.reserveCapacity(size)
        if !items.isEmpty { for _ in 0..<count { result.append(contentsOf: items) } }
        if case .tuple = value { return .tuple(Elements(result)) }
        return .list(Elements(result))
    }

    // MARK: Numbers

    private func evaluateIntegers(
        _ operation: BinaryOperator, _ left: Int, _ right: Int
    ) throws(TemplateError) -> TemplateValue {
        let (value, overflow): (Int, Bool)
        switch operation {
        case .add: (value, overflow) = left.addingReportingOverflow(right)
        case .subtract: (value, overflow) = left.subtractingReportingOverflow(right)
        case .multiply: (value, overflow) = left.multipliedReportingOverflow(by: right)
        case .divide:
            guard right != 0 else { throw failure("division by zero") }
            return .float(Double(left) / Double(right))
        case .floorDivide: (value, overflow) = try floorDivide(left, right)
        case .remainder:
            guard right != 0 else { throw failure("integer modulo by zero") }
            if right == -1 { return .integer(0) }
            let remainder = left % right
            return .integer(
                remainder != 0 && (remainder < 0) != (right < 0) ? remainder + right : remainder)
        case .power:
            if right < 0 { return .float(try power(Double(left), Double(right))) }
            (value, overflow) = Self.power(left, right)
        }
        guard !overflow else { throw limit("integer too large") }
        return .integer(value)
    }

    private func floorDivide(_ left: Int, _ right: Int) throws(TemplateError) -> (Int, Bool) {
        guard right != 0 else { throw failure("integer division or modulo by zero") }
        let (quotient, overflow) = left.dividedReportingOverflow(by: right)
        guard !overflow else { return (0, true) }
        let isInexact = quotient * right != left
        return (isInexact && (left < 0) != (right < 0) ? quotient - 1 : quotient, false)
    }

    private static func power(_ base: Int, _ exponent: Int) -> (Int, Bool) {
        if base == 0 || base == 1 { return (exponent == 0 ? 1 : base, false) }
        if base == -1 { return (exponent % 2 == 0 ? 1 : -1, false) }
        guard exponent < 64 else { return (0, true) }
        var result = 1
        for _ in 0..<exponent {
            let (product, overflow) = result.multipliedReportingOverflow(by: base)
            if overflow { return (0, true) }
            result = product
        }
        return (result, false)
    }

    private func evaluateFloats(
        _ operation: BinaryOperator, _ left: Double, _ right: Double
    ) throws(TemplateError) -> Double {
        switch operation {
        case .add: return left + right
        case .subtract: return left - right
        case .multiply: return left * right
        case .divide:
            guard right != 0 else { throw failure("float division by zero") }
            return left / right
        case .floorDivide:
            guard right != 0 else { throw failure("float floor division by zero") }
            return PythonMath.divideWithRemainder(left, right).quotient
        case .remainder:
            guard right != 0 else { throw failure("float modulo") }
            return PythonMath.divideWithRemainder(left, right).remainder
        case .power: return try power(left, right)
        }
    }

    private func power(_ base: Double, _ exponent: Double) throws(TemplateError) -> Double {
        if base == 0, exponent < 0 {
            throw failure("0.0 cannot be raised to a negative power")
        }
        if base < 0, base.isFinite, exponent.isFinite, exponent.rounded() != exponent {
            throw failure("a negative number cannot be raised to a fractional power")
        }
        let result = PythonMath.power(base, exponent)
        if result.isInfinite, base.isFinite, exponent.isFinite {
            throw failure("Numerical result out of range")
        }
        return result
    }
}
