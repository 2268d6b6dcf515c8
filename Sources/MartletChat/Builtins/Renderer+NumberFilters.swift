extension Renderer {
    /// The filters about numbers.
    func applyNumberFilter(
        _ filter: Filter, _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        switch filter {
        case .abs:
            _ = try bind(arguments, "abs", [])
            switch value {
            case .float(let number): return .float(number.magnitude)
            case .integer, .bool:
                guard let number = Int(exactly: (value.integer ?? 0).magnitude) else {
                    throw limit("integer too large")
                }
                return .integer(number)
            default: throw failure("bad operand type for abs(): '\(value.typeName)'")
            }
        case .round: return try round(value, arguments)
        case .int: return try toInteger(value, arguments)
        case .float:
            let values = try bind(arguments, "float", ["default"])
            if case .undefined(let undefined) = value { throw failure(undefined) }
            if let number = value.double { return .float(number) }
            if let text = value.text {
                try charge(scalarsOf: text)
                if let number = PythonText.parseFloat(text) { return .float(number) }
            }
            return values[0] ?? .float(0)
        case .sum: return try sum(value, arguments)
        default: return .string(try fileSize(value, arguments))
        }
    }

    private func toInteger(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "int", ["default", "base"])
        let fallback = values[0] ?? .integer(0)
        switch value {
        case .undefined(let undefined): throw failure(undefined)
        case .integer, .bool: return .integer(value.integer ?? 0)
        case .float(let number):
            if number.isNaN { return fallback }
            guard number.isFinite else { throw failure("cannot convert float infinity to integer") }
            return .integer(try whole(number))
        case .string(let text), .markup(let text):
            try charge(scalarsOf: text)
            let base = try integer(values[1], default: 10)
            let (result, overflow) = PythonText.parseInteger(text, base: base)
            if let result { return .integer(result) }
            guard !overflow else { throw limit("integer too large") }
            guard let number = PythonText.parseFloat(text), number.isFinite else {
                return fallback
            }
            return .integer(try whole(number))
        default: return fallback
        }
    }

    private func whole(_ number: Double) throws(TemplateError) -> Int {
        guard let result = Int(exactly: number.rounded(.towardZero)) else {
            throw limit("integer too large")
        }
        return result
    }

    private func round(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "round", ["precision", "method"])
        let method = values[1]?.text ?? (values[1] == nil ? "common" : "")
        guard ["common", "ceil", "floor"].contains(method) else {
            throw failure("method must be common, ceil or floor")
        }
        if case .undefined(let undefined) = value { throw failure(undefined) }
        guard let number = value.double else {
            throw failure("type \(value.typeName) doesn't define __round__ method")
        }
        guard method == "common" else {
            let digits = try integer(values[0], default: 0)
            let scale = PythonMath.power(10, Double(digits))
            guard scale.isFinite, scale > 0, (number * scale).isFinite else {
                throw failure("cannot round to \(digits) digits")
            }
            return .float((number * scale).rounded(method == "ceil" ? .up : .down) / scale)
        }
        if let precision = values[0], precision.isNone {
            return .integer(try whole(number.rounded(.toNearestOrEven)))
        }
        let digits = try integer(values[0], default: 0)
        if let integer = value.integer { return .integer(try round(integer, digits: digits)) }
        return .float(PythonMath.round(number, digits: digits))
    }

    /// Rounds to a multiple of a power of ten, half to even.
    private func round(_ number: Int, digits: Int) throws(TemplateError) -> Int {
        guard digits < 0 else { return number }
        guard digits > -19 else { return 0 }
        var scale = 1
        for _ in 0..<(-digits) { scale *= 10 }
        let remainder = number % scale
        let base = number - remainder
        let (twice, overflow) = remainder.magnitude.multipliedReportingOverflow(by: 2)
        let isUp = overflow || twice > scale || (twice == scale && (base / scale) % 2 != 0)
        guard isUp else { return base }
        let (result, isTooLarge) = base.addingReportingOverflow(number < 0 ? -scale : scale)
        guard !isTooLarge else { throw limit("integer too large") }
        return result
    }

    private func sum(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "sum", ["attribute", "start"])
        let path = try attributeGetter(values[0])
        var total = values[1] ?? .integer(0)
        if total.text != nil { throw failure("sum() can't sum strings [use ''.join(seq) instead]") }
        for item in try list(value) {
            total = try checked(try apply(.add, total, try get(path, from: item)))
        }
        return total
    }

    private func fileSize(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> String {
        let values = try bind(arguments, "filesizeformat", ["binary"])
        let isBinary = try flag(values[0])
        var bytes = value.double
        if let text = value.text { bytes = PythonText.parseFloat(text) }
        guard let bytes, !bytes.isNaN else { throw failure("could not convert to a number") }
        let base: Double = isBinary ? 1024 : 1000
        if bytes == 1 { return "1 Byte" }
        if bytes < base { return "\(try whole(bytes)) Bytes" }
        let units = ["k", "M", "G", "T", "P", "E", "Z", "Y"]
        var unit = base
        var name = ""
        for letter in units {
            unit *= base
            name = (isBinary ? letter.uppercased() + "i" : letter) + "B"
            if bytes < unit { break }
        }
        return PythonMath.format(base * bytes / unit, "f", precision: 1) + " " + name
    }
}
