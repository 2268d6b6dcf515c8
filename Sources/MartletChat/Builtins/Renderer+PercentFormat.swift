extension Renderer {
    /// The arguments of a `%` format, and how many are used.
    private struct PercentArguments {
        let values: [TemplateValue]
        let whole: TemplateValue
        let mapping: Mapping?
        var used = 0
    }

    /// `format % argument`.
    func percentFormat(
        _ format: String, _ argument: TemplateValue
    ) throws(TemplateError) -> String {
        try charge(scalarsOf: format)
        var arguments: PercentArguments
        var isLenient = false
        switch argument {
        case .tuple(let elements):
            arguments = PercentArguments(values: elements.items, whole: argument, mapping: nil)
        case .dictionary(let mapping):
            arguments = PercentArguments(values: [argument], whole: argument, mapping: mapping)
            isLenient = true
        default:
            arguments = PercentArguments(values: [argument], whole: argument, mapping: nil)
            switch argument {
            case .list, .undefined, .range: isLenient = true
            default: break
            }
        }
        var rest = Array(format.unicodeScalars)[...]
        var result = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            guard scalar == "%" else {
                result.append(scalar)
                continue
            }
            let piece = try percentField(&rest, &arguments)
            try charge(bytes: piece.utf8.count)
            result.append(contentsOf: piece.unicodeScalars)
        }
        guard isLenient || arguments.used == arguments.values.count else {
            throw failure("not all arguments converted during string formatting")
        }
        return String(result)
    }

    private func percentField(
        _ rest: inout ArraySlice<UnicodeScalar>, _ arguments: inout PercentArguments
    ) throws(TemplateError) -> String {
        let named = try percentName(&rest, &arguments)
        var specification = FormatSpecification()
        var isZeroFilled = false
        flags: while let flag = rest.first {
            switch flag {
            case "-": specification.alignment = "<"
            case "+": specification.sign = "+"
            case " ": if specification.sign == "-" { specification.sign = " " }
            case "#": specification.isAlternate = true
            case "0": isZeroFilled = true
            default: break flags
            }
            rest.removeFirst()
        }
        if let width = try percentNumber(&rest, &arguments) {
            if width < 0 { specification.alignment = "<" }
            guard width.magnitude <= UInt(limits.maximumOutputBytes) else {
                throw limit("text too long")
            }
            specification.width = abs(width)
        }
        if rest.first == "." {
            rest.removeFirst()
            specification.precision = max(0, try percentNumber(&rest, &arguments) ?? 0)
        }
        if let modifier = rest.first, modifier == "h" || modifier == "l" || modifier == "L" {
            rest.removeFirst()
        }
        guard let type = rest.popFirst() else { throw failure("incomplete format") }
        if type == "%" { return "%" }
        let value: TemplateValue
        if let named { value = named } else { value = try nextArgument(&arguments) }
        if isZeroFilled, specification.alignment == nil { specification.alignment = "=" }
        return try percentText(value, type, specification)
    }

    private func nextArgument(
        _ arguments: inout PercentArguments
    ) throws(TemplateError) -> TemplateValue {
        guard arguments.used < arguments.values.count else {
            throw failure("not enough arguments for format string")
        }
        defer { arguments.used += 1 }
        return arguments.values[arguments.used]
    }

    private func percentName(
        _ rest: inout ArraySlice<UnicodeScalar>, _ arguments: inout PercentArguments
    ) throws(TemplateError) -> TemplateValue? {
        guard rest.first == "(" else { return nil }
        guard let mapping = arguments.mapping else { throw failure("format requires a mapping") }
        var depth = 0
        var name = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == ")" { depth -= 1 }
            if depth == 0, scalar == ")" {
                let key = String(name)
                guard let value = mapping[.string(ExactString(text: key))] else {
                    throw failure("KeyError: \(PythonText.quoted(key))")
                }
                return value
            }
            if depth > 0 { name.append(scalar) }
            if scalar == "(" { depth += 1 }
        }
        throw failure("incomplete format key")
    }

    private func percentNumber(
        _ rest: inout ArraySlice<UnicodeScalar>, _ arguments: inout PercentArguments
    ) throws(TemplateError) -> Int? {
        if rest.first == "*" {
            rest.removeFirst()
            guard let number = try nextArgument(&arguments).integer else {
                throw failure("* wants int")
            }
            return number
        }
        guard let number = FormatSpecification.takeNumber(&rest) else {
            throw limit("text too long")
        }
        return number
    }

    private func percentText(
        _ value: TemplateValue, _ type: UnicodeScalar, _ specification: FormatSpecification
    ) throws(TemplateError) -> String {
        var layout = specification
        switch type {
        case "s", "r", "a":
            let text = try type == "s" ? text(of: value) : representation(of: value)
            if layout.alignment == "=" { layout.alignment = ">" }
            return try lay(
                specification.precision.map { substring(text, 0, $0) } ?? text, layout,
                default: ">")
        case "c":
            if layout.alignment == "=" { layout.alignment = ">" }
            if let text = value.text, PythonText.count(text) == 1 {
                return try lay(text, layout, default: ">")
            }
            guard let number = value.integer, let code = UInt32(exactly: number),
                let scalar = UnicodeScalar(code)
            else { throw failure("%c requires int or char") }
            return try lay(String(scalar), layout, default: ">")
        default: break
        }
        if layout.alignment == "=" { layout.fill = "0" }
        switch type {
        case "d", "i", "u", "x", "X", "o":
            return try percentInteger(value, type, layout)
        case "e", "E", "f", "F", "g", "G":
            if case .undefined(let undefined) = value { throw failure(undefined) }
            guard let number = value.double else {
                throw failure("must be real number, not \(value.typeName)")
            }
            layout.type = type
            if !number.isFinite, layout.alignment == "=" { layout.fill = "0" }
            return try format(number, layout)
        default: throw failure("unsupported format character '\(type)'")
        }
    }

    private func percentInteger(
        _ value: TemplateValue, _ type: UnicodeScalar, _ specification: FormatSpecification
    ) throws(TemplateError) -> String {
        var number = value.integer
        if case .float(let float) = value, type == "d" || type == "i" || type == "u" {
            number = Int(exactly: float.rounded(.towardZero))
        }
        guard let number else {
            throw failure("%\(type) format: a number is required, not \(value.typeName)")
        }
        var digits = digits(of: number.magnitude, type, FormatSpecification())
        if let precision = specification.precision, precision > digits.utf8.count {
            try charge(bytes: precision)
            digits = String(repeating: "0", count: precision - digits.utf8.count) + digits
        }
        let sign = sign(isNegative: number < 0, specification)
        let prefix = specification.isAlternate ? radixPrefix(type) : ""
        return try lay(
            sign + prefix + digits, specification, default: ">",
            signLength: sign.utf8.count + prefix.utf8.count)
    }
}
