/// The options of Python's `json.dumps` that `tojson` accepts.
struct JSONFormat {
    var ensuresASCII = false
    /// What a level is indented by; nil for one line.
    var indent: String?
    var itemSeparator = ", "
    var keySeparator = ": "
    var sortsKeys = false
}

extension Renderer {
    /// `tojson(ensure_ascii, indent, separators, sort_keys)` of transformers' environment.
    func toJSON(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(
            arguments, "tojson", ["ensure_ascii", "indent", "separators", "sort_keys"])
        var format = JSONFormat()
        format.ensuresASCII = try flag(values[0])
        format.sortsKeys = try flag(values[3])
        if let indent = values[1], !indent.isNone {
            if let text = indent.text {
                format.indent = text
            } else {
                let width = max(0, try integer(indent, default: 0))
                try charge(bytes: width)
                format.indent = String(repeating: " ", count: width)
            }
            format.itemSeparator = ","
        }
        if let separators = values[2], !separators.isNone {
            let parts = try list(separators)
            guard parts.count == 2 else { throw failure("separators must be two strings") }
            format.itemSeparator = try string(parts[0], "tojson")
            format.keySeparator = try string(parts[1], "tojson")
        }
        var result = ""
        try appendJSON(value, format, level: 0, to: &result)
        return .string(result)
    }

    private func appendJSON(
        _ value: TemplateValue, _ format: JSONFormat, level: Int, to result: inout String
    ) throws(TemplateError) {
        try charge()
        guard result.utf8.count <= limits.maximumOutputBytes else { throw limit("text too long") }
        switch value {
        case .none: result += "null"
        case .bool(let flag): result += flag ? "true" : "false"
        case .integer(let number): result += String(number)
        case .float(let number): result += Self.json(number)
        case .string(let text), .markup(let text):
            try charge(scalarsOf: text)
            Self.appendJSON(text, ensuresASCII: format.ensuresASCII, to: &result)
        case .list(let elements), .tuple(let elements):
            try appendJSON(elements.items, format, level: level, to: &result)
        case .dictionary(let mapping):
            try appendJSON(mapping, format, level: level, to: &result)
        default: throw failure("Object of type \(value.typeName) is not JSON serializable")
        }
    }

    private func appendJSON(
        _ items: [TemplateValue], _ format: JSONFormat, level: Int, to result: inout String
    ) throws(TemplateError) {
        guard !items.isEmpty else {
            result += "[]"
            return
        }
        try enter()
        defer { leave() }
        result += "["
        for (index, item) in items.enumerated() {
            if index > 0 { result += format.itemSeparator }
            try appendLine(format, level: level + 1, to: &result)
            try appendJSON(item, format, level: level + 1, to: &result)
        }
        try appendLine(format, level: level, to: &result)
        result += "]"
    }

    private func appendJSON(
        _ mapping: Mapping, _ format: JSONFormat, level: Int, to result: inout String
    ) throws(TemplateError) {
        guard mapping.count > 0 else {
            result += "{}"
            return
        }
        try enter()
        defer { leave() }
        var order = Array(0..<mapping.count)
        if format.sortsKeys {
            order = try sorted(
                order.map { .integer($0) }, by: mapping.keys, reverse: false
            ).compactMap(\.integer)
        }
        result += "{"
        for (count, index) in order.enumerated() {
            if count > 0 { result += format.itemSeparator }
            try appendLine(format, level: level + 1, to: &result)
            let key = try jsonKey(mapping.keys[index])
            Self.appendJSON(key, ensuresASCII: format.ensuresASCII, to: &result)
            result += format.keySeparator
            try appendJSON(mapping.values[index], format, level: level + 1, to: &result)
        }
        try appendLine(format, level: level, to: &result)
        result += "}"
    }

    private func appendLine(
        _ format: JSONFormat, level: Int, to result: inout String
    ) throws(TemplateError) {
        guard let indent = format.indent else { return }
        let (width, overflow) = indent.utf8.count.multipliedReportingOverflow(by: level)
        guard !overflow else { throw limit("text too long") }
        try charge(bytes: width)
        result += "\n"
        for _ in 0..<level { result += indent }
    }

    private func jsonKey(_ key: TemplateValue) throws(TemplateError) -> String {
        switch key {
        case .string(let text), .markup(let text): return text
        case .none: return "null"
        case .bool(let flag): return flag ? "true" : "false"
        case .integer(let number): return String(number)
        case .float(let number): return Self.json(number)
        default:
            throw failure(
                "keys must be str, int, float, bool or None, not \(key.typeName)")
        }
    }

    private static func json(_ number: Double) -> String {
        if number.isNaN { return "NaN" }
        if number.isInfinite { return number < 0 ? "-Infinity" : "Infinity" }
        return PythonText.literal(number)
    }

    private static func appendJSON(
        _ text: String, ensuresASCII: Bool, to result: inout String
    ) {
        result += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{C}": result += "\\f"
            default:
                if scalar.value < 0x20 || (ensuresASCII && scalar.value >= 0x7F) {
                    for unit in String(scalar).utf16 {
                        result += "\\u" + PythonText.hexadecimal(UInt32(unit), width: 4)
                    }
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        result += "\""
    }
}
