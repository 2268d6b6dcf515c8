extension Renderer {
    /// Applies a test to a value.
    func apply(
        _ test: Test, to value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> Bool {
        if let comparison = test.comparison {
            let other = try positional(arguments, test.rawValue, 1...1)[0]
            return try compare(value, comparison, other)
        }
        switch test {
        case .divisibleby:
            let divisor = try bind(arguments, "divisibleby", ["num"], required: 1)[0] ?? .none
            return try remainder(value, divisor, isEqualTo: 0)
        case .in:
            let container = try bind(arguments, "in", ["seq"], required: 1)[0] ?? .none
            return try contains(container, value)
        case .sameas:
            let other = try bind(arguments, "sameas", ["other"], required: 1)[0] ?? .none
            return areIdentical(value, other)
        default: _ = try bind(arguments, test.rawValue, [])
        }
        switch test {
        case .odd: return try remainder(value, .integer(2), isEqualTo: 1)
        case .even: return try remainder(value, .integer(2), isEqualTo: 0)
        case .lower, .upper:
            let text = try text(of: value)
            try charge(scalarsOf: text)
            return test == .lower ? PythonText.isLowercase(text) : PythonText.isUppercase(text)
        case .filter:
            guard isHashable(value) else { throw failure("unhashable type: '\(value.typeName)'") }
            return value.text.map { Filter(rawValue: $0) != nil } ?? false
        case .test:
            guard isHashable(value) else { throw failure("unhashable type: '\(value.typeName)'") }
            return value.text.map { Test(rawValue: $0) != nil } ?? false
        default: return hasKind(value, test)
        }
    }

    private func remainder(
        _ value: TemplateValue, _ divisor: TemplateValue, isEqualTo expected: Int
    ) throws(TemplateError) -> Bool {
        try areEqual(try apply(.remainder, value, divisor), .integer(expected))
    }

    /// The tests of a value's type.
    private func hasKind(_ value: TemplateValue, _ test: Test) -> Bool {
        switch (test, value) {
        case (.defined, _): !value.isUndefined
        case (.undefined, _): value.isUndefined
        case (.none, _): value.isNone
        case (.boolean, .bool): true
        case (.true, .bool(let flag)): flag
        case (.false, .bool(let flag)): !flag
        case (.integer, .integer): true
        case (.float, .float): true
        case (.number, _): value.double != nil
        case (.string, _): value.text != nil
        case (.escaped, .markup): true
        case (.mapping, .dictionary): true
        case (.callable, .callable), (.callable, .undefined), (.callable, .loop): true
        case (.sequence, .string), (.sequence, .markup), (.sequence, .list), (.sequence, .tuple),
            (.sequence, .dictionary), (.sequence, .range), (.sequence, .undefined):
            true
        case (.iterable, .none), (.iterable, .bool), (.iterable, .integer), (.iterable, .float),
            (.iterable, .callable), (.iterable, .namespace), (.iterable, .cycler):
            false
        case (.iterable, _): true
        default: false
        }
    }
}

extension Test {
    /// The comparison that the test is another name of.
    var comparison: Comparison? {
        switch self {
        case .eq, .equalto, .equalSign: .equal
        case .ne, .notEqualSign: .notEqual
        case .gt, .greaterthan, .greaterSign: .greater
        case .ge, .greaterOrEqualSign: .greaterOrEqual
        case .lt, .lessthan, .lessSign: .less
        case .le, .lessOrEqualSign: .lessOrEqual
        default: nil
        }
    }
}
