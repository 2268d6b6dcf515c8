extension Renderer {
    /// Lays out a text in the width of the specification.
    ///
    /// - Parameter signLength: scalars at the start that `=` alignment keeps before the fill.
    func lay(
        _ text: String, _ specification: FormatSpecification, default alignment: UnicodeScalar,
        signLength: Int = 0
    ) throws(TemplateError) -> String {
        let missing = specification.width - PythonText.count(text)
        guard missing > 0 else { return text }
        try charge(bytes: text.utf8.count + missing * 4)
        func filled(_ count: Int) -> String {
            String(repeating: String(specification.fill), count: count)
        }
        switch specification.alignment ?? alignment {
        case "<": return text + filled(missing)
        case "^": return filled(missing / 2) + text + filled(missing - missing / 2)
        case "=":
            let scalars = text.unicodeScalars
            return String(scalars.prefix(signLength)) + filled(missing)
                + String(scalars.dropFirst(signLength))
        default: return filled(missing) + text
        }
    }

    /// `format(value, specification)`.
    func format(
        _ value: TemplateValue, _ text: String
    ) throws(TemplateError) -> String {
        if text.isEmpty { return try self.text(of: value) }
        guard let specification = FormatSpecification(text) else {
            throw failure("Invalid format specifier '\(text)'")
        }
        switch value {
        case .string(let text), .markup(let text):
            guard specification.type == nil || specification.type == "s",
                specification.alignment != "=" || specification.fill == "0"
            else { throw failure("Invalid format specifier for a string") }
            var layout = specification
            if layout.alignment == "=" { layout.alignment = "<" }
            return try lay(
                specification.precision.map { substring(text, 0, $0) } ?? text, layout,
                default: "<")
        case .bool, .integer: return try format(value.integer ?? 0, value, specification)
        case .float(let number): return try format(number, specification)
        default:
            throw failure("unsupported format string passed to \(value.typeName).__format__")
        }
    }

    private func format(
        _ number: Int, _ value: TemplateValue, _ specification: FormatSpecification
    ) throws(TemplateError) -> String {
        switch specification.type {
        case "e", "E", "f", "F", "g", "G", "%": return try format(Double(number), specification)
        case "c":
            guard let code = UInt32(exactly: number), let scalar = UnicodeScalar(code) else {
                throw failure("%c arg not in range(0x110000)")
            }
            return try lay(String(scalar), specification, default: "<")
        case nil, "d", "n", "b", "o", "x", "X": break
        default: throw failure("Unknown format code for an integer")
        }
        guard specification.precision == nil else {
            throw failure("Precision not allowed in integer format specifier")
        }
        let digits = digits(of: number.magnitude, specification.type, specification)
        let sign = sign(isNegative: number < 0, specification)
        let prefix = specification.isAlternate ? radixPrefix(specification.type) : ""
        return try lay(
            sign + prefix + digits, specification, default: ">",
            signLength: sign.utf8.count + prefix.utf8.count)
    }

    func sign(isNegative: Bool, _ specification: FormatSpecification) -> String {
        isNegative ? "-" : specification.sign == "-" ? "" : String(specification.sign)
    }

    func radixPrefix(_ type: UnicodeScalar?) -> String {
        switch type {
        case "b": "0b"
        case "o": "0o"
        case "x": "0x"
        case "X": "0X"
        default: ""
        }
    }

    func digits(
        of magnitude: UInt, _ type: UnicodeScalar?, _ specification: FormatSpecification
    ) -> String {
        switch type {
        case "b": return group(String(magnitude, radix: 2), specification, every: 4)
        case "o": return group(String(magnitude, radix: 8), specification, every: 4)
        case "x": return group(String(magnitude, radix: 16), specification, every: 4)
        case "X":
            return group(String(magnitude, radix: 16, uppercase: true), specification, every: 4)
        default: return group(String(magnitude), specification, every: 3)
        }
    }

    private func group(
        _ digits: String, _ specification: FormatSpecification, every size: Int
    ) -> String {
        guard let separator = specification.grouping else { return digits }
        let whole = digits.prefix { $0.isHexDigit }
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % size == 0 {
                result.unicodeScalars.append(separator)
            }
            result.append(digit)
        }
        return result + digits.dropFirst(whole.count)
    }

    func format(
        _ number: Double, _ specification: FormatSpecification
    ) throws(TemplateError) -> String {
        var digits = try magnitude(number.magnitude, specification)
        if specification.type == "e" || specification.type == "E" || !number.isFinite {
            // The exponent's digits are not grouped.
        } else {
            digits = group(digits, specification, every: 3)
        }
        let sign = sign(isNegative: number.sign == .minus && !number.isNaN, specification)
        return try lay(
            sign + digits, specification, default: ">", signLength: sign.utf8.count)
    }

    private func magnitude(
        _ number: Double, _ specification: FormatSpecification
    ) throws(TemplateError) -> String {
        guard let type = specification.type else {
            guard let precision = specification.precision else { return PythonText.literal(number) }
            return try general(number, precision: precision)
        }
        let precision = specification.precision ?? 6
        try charge(bytes: precision)
        var result: String
        switch type {
        case "f", "F", "e", "E":
            result = PythonMath.format(
                number, type == "f" || type == "F" ? "f" : "e", precision: precision,
                alternate: specification.isAlternate)
        case "g", "G", "n":
            result = PythonMath.format(
                number, "g", precision: precision == 0 ? 1 : precision,
                alternate: specification.isAlternate)
        case "%": result = PythonMath.format(number * 100, "f", precision: precision) + "%"
        default: throw failure("Unknown format code for a float")
        }
        if !number.isFinite { result = number.isNaN ? "nan" : "inf" }
        return type == "E" || type == "F" || type == "G" ? result.uppercased() : result
    }

    /// A precision without a type: as `g`, but with a digit after the point.
    private func general(_ number: Double, precision: Int) throws(TemplateError) -> String {
        guard number.isFinite else { return PythonText.literal(number) }
        try charge(bytes: precision)
        let precision = max(1, precision)
        let scientific = PythonMath.format(number, "e", precision: precision - 1)
        let exponent = scientific.split(separator: "e").last.flatMap { Int($0) } ?? 0
        guard number != 0, exponent >= precision - 1 || exponent < -4 else {
            let text = PythonMath.format(number, "g", precision: precision)
            return text.utf8.contains(UInt8(ascii: ".")) ? text : text + ".0"
        }
        var mantissa = scientific.split(separator: "e").first.map(String.init) ?? ""
        if mantissa.utf8.contains(UInt8(ascii: ".")) {
            while mantissa.hasSuffix("0") { mantissa.removeLast() }
            if mantissa.hasSuffix(".") { mantissa.removeLast() }
        }
        return mantissa + scientific.drop { $0 != "e" }
    }
}
