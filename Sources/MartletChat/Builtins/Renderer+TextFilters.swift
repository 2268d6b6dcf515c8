extension Renderer {
    /// The filters about text.
    func applyTextFilter(
        _ filter: Filter, _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        switch filter {
        case .indent: return try indent(value, arguments)
        case .truncate: return try truncate(value, arguments)
        case .urlencode: return .string(try urlEncoded(value, arguments))
        case .xmlattr: return .string(try xmlAttributes(value, arguments))
        default: break
        }
        let text = try text(of: value)
        try charge(bytes: text.utf8.count)
        switch filter {
        case .format: return same(value, try formatFilter(text, arguments))
        case .replace:
            let values = try bind(arguments, "replace", ["old", "new", "count"], required: 2)
            let count = values[2].flatMap { $0.isNone ? nil : $0 }
            return .string(
                try replace(
                    try self.text(of: values[0] ?? .none),
                    with: try self.text(of: values[1] ?? .none),
                    in: text, limit: try integer(count, default: -1)))
        case .trim:
            let values = try bind(arguments, "trim", ["chars"])
            return same(value, try strip(text, values[0]))
        case .center:
            let values = try bind(arguments, "center", ["width"])
            let width = Arguments(positional: [.integer(try integer(values[0], default: 80))])
            return try pad(text, value, .center, width)
        default: _ = try bind(arguments, filter.rawValue, [])
        }
        if filter != .safe, filter != .string { try charge(scalarsOf: text) }
        switch filter {
        case .upper: return same(value, PythonText.uppercased(text))
        case .lower: return same(value, PythonText.lowercased(text))
        case .capitalize: return same(value, PythonText.capitalized(text))
        case .title: return .string(titled(text))
        case .wordcount: return .integer(wordCount(text))
        case .safe: return .markup(text)
        case .escape, .e, .forceescape:
            if case .markup = value, filter != .forceescape { return value }
            return .markup(PythonText.escaped(text))
        default: return same(value, text)
        }
    }

    private func titled(_ text: String) -> String {
        let breaks: Set<UnicodeScalar> = ["-", "(", "{", "[", "<"]
        var result = ""
        var word = String.UnicodeScalarView()
        func flush() {
            result += PythonText.capitalizedAsUpper(String(word))
            word = String.UnicodeScalarView()
        }
        for scalar in text.unicodeScalars {
            if PythonText.isSpace(scalar) || breaks.contains(scalar) {
                flush()
                result.unicodeScalars.append(scalar)
            } else {
                word.append(scalar)
            }
        }
        flush()
        return result
    }

    private func wordCount(_ text: String) -> Int {
        var count = 0
        var isInWord = false
        for scalar in text.unicodeScalars {
            let isWord = scalar == "_" || PythonText.isAlphanumeric(scalar)
            if isWord, !isInWord { count += 1 }
            isInWord = isWord
        }
        return count
    }

    private func formatFilter(
        _ text: String, _ arguments: Arguments
    ) throws(TemplateError) -> String {
        guard arguments.named.isEmpty || arguments.positional.isEmpty else {
            throw failure("can't handle positional and keyword arguments at the same time")
        }
        guard !arguments.named.isEmpty else {
            return try percentFormat(text, .tuple(Elements(arguments.positional)))
        }
        var builder = MappingBuilder()
        for (name, value) in arguments.named { builder.insert(name, value) }
        return try percentFormat(text, .dictionary(Mapping(builder)))
    }

    private func indent(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "indent", ["width", "first", "blank"])
        if case .undefined(let undefined) = value { throw failure(undefined) }
        guard let text = value.text else {
            throw failure("indent needs a string, not \(value.typeName)")
        }
        var indention: String
        if let prefix = values[0]?.text {
            indention = prefix
        } else {
            let width = max(0, try integer(values[0], default: 4))
            try charge(bytes: width)
            indention = String(repeating: " ", count: width)
        }
        if case .markup = value { indention = PythonText.escaped(indention) }
        let indentsBlank = try flag(values[2])
        try charge(scalarsOf: text)
        var result = try flag(values[1]) ? indention : ""
        for (index, line) in PythonText.lines(text + "\n").enumerated() {
            try charge(1 + indention.utf8.count >> 6)
            guard result.utf8.count + indention.utf8.count <= limits.maximumOutputBytes else {
                throw limit("text too long")
            }
            if index > 0 {
                result += "\n"
                if indentsBlank || !line.isEmpty { result += indention }
            }
            result += line
        }
        return same(value, result)
    }

    private func truncate(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, "truncate", ["length", "killwords", "end", "leeway"])
        let length = try integer(values[0], default: 255)
        let end =
            try values[2].map { end throws(TemplateError) in try string(end, "truncate") }
            ?? "..."
        let leeway = try integer(values[3].flatMap { $0.isNone ? nil : $0 }, default: 5)
        let endCount = PythonText.count(end)
        guard length >= endCount else { throw failure("expected length >= \(endCount)") }
        guard leeway >= 0 else { throw failure("expected leeway >= 0, got \(leeway)") }
        guard let count = self.length(of: value) else {
            throw failure("object of type '\(value.typeName)' has no len()")
        }
        if let text = value.text { try charge(bytes: text.utf8.count) }
        if count <= length.addingReportingOverflow(leeway).partialValue || length > 1 << 60 {
            return value
        }
        guard let text = value.text else {
            throw failure("truncate needs a string, not \(value.typeName)")
        }
        let cut = substring(text, 0, length - endCount)
        if try flag(values[1]) { return same(value, cut + end) }
        let scalars = cut.unicodeScalars
        let space = scalars.lastIndex(of: " ") ?? scalars.endIndex
        return same(value, String(scalars[..<space]) + end)
    }

    private func urlEncoded(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> String {
        _ = try bind(arguments, "urlencode", [])
        var pairs: [TemplateValue]
        switch value {
        case .string, .markup, .none, .bool, .integer, .float, .callable, .namespace, .cycler:
            return PythonText.percentEncoded(try text(of: value), isQuery: false)
        case .dictionary(let mapping): pairs = MappingView(mapping, .items).elements
        default: pairs = try list(value)
        }
        var parts: [String] = []
        for pair in pairs {
            let items = try list(pair)
            guard items.count == 2 else { throw failure("expected pairs") }
            let key = PythonText.percentEncoded(try text(of: items[0]), isQuery: true)
            let value = PythonText.percentEncoded(try text(of: items[1]), isQuery: true)
            try charge(bytes: key.utf8.count + value.utf8.count)
            parts.append("\(key)=\(value)")
        }
        return try join(parts, separator: "&")
    }

    private func xmlAttributes(
        _ value: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> String {
        let values = try bind(arguments, "xmlattr", ["autospace"])
        guard case .dictionary(let mapping) = value else {
            if case .undefined(let undefined) = value { throw failure(undefined) }
            throw failure("'\(value.typeName)' object has no attribute 'items'")
        }
        var parts: [String] = []
        for (key, value) in zip(mapping.keys, mapping.values)
        where !value.isNone && !value.isUndefined {
            let name = try string(key, "xmlattr")
            guard
                !name.unicodeScalars.contains(where: {
                    " \t\n\r\u{B}\u{C}/>=".unicodeScalars.contains($0)
                })
            else {
                throw failure("Invalid character in attribute name: \(PythonText.quoted(name))")
            }
            var text = try text(of: value)
            if case .markup = value {} else { text = PythonText.escaped(text) }
            parts.append("\(PythonText.escaped(name))=\"\(text)\"")
        }
        let result = try join(parts, separator: " ")
        return try flag(values[0], default: true) && !result.isEmpty ? " " + result : result
    }
}

extension PythonText {
    /// The first scalar in upper case, the rest in lower.
    static func capitalizedAsUpper(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        return first.properties.uppercaseMapping
            + lowercased(String(text.unicodeScalars.dropFirst()))
    }

    /// `urllib.parse.quote`: unreserved characters stay, and `/` outside of queries.
    static func percentEncoded(_ text: String, isQuery: Bool) -> String {
        var result = ""
        for byte in text.utf8 {
            let scalar = UnicodeScalar(byte)
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-", "~":
                result.unicodeScalars.append(scalar)
            case "/" where !isQuery: result.unicodeScalars.append(scalar)
            case " " where isQuery: result += "+"
            default: result += "%" + hexadecimal(UInt32(byte), width: 2).uppercased()
            }
        }
        return result
    }
}
