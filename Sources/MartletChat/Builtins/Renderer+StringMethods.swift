extension Renderer {
    /// Calls a method of `str`; `receiver` is the value that holds `text`.
    func callStringMethod(
        _ method: Method, _ text: String, _ receiver: TemplateValue, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        try charge(bytes: text.utf8.count)
        switch method {
        case .strip, .lstrip, .rstrip:
            return same(receiver, try strip(text, method, arguments))
        case .startswith, .endswith: return try hasAffix(text, method, arguments)
        case .split, .rsplit: return try split(text, receiver, method, arguments)
        case .replace:
            let values = try positional(arguments, "replace", 2...3)
            let count = try integer(values.count > 2 ? values[2] : nil, default: -1)
            let old = try string(values[0], "replace")
            let new = try string(values[1], "replace")
            return same(receiver, try replace(old, with: new, in: text, limit: count))
        case .join:
            let values = try positional(arguments, "join", 1...1)
            return try join(receiver, try list(values[0]))
        case .format:
            return same(receiver, try braceFormat(text, arguments))
        case .formatMap:
            let values = try positional(arguments, "format_map", 1...1)
            guard case .dictionary(let mapping) = values[0] else {
                throw failure("format_map() argument must be a mapping")
            }
            var named = Arguments()
            for (key, value) in zip(mapping.keys, mapping.values) {
                if let name = key.text { named.named.append((name, value)) }
            }
            return same(receiver, try braceFormat(text, named))
        case .find, .rfind, .index, .rindex, .count:
            return try search(text, method, arguments)
        case .partition, .rpartition: return try partition(text, receiver, method, arguments)
        case .removeprefix, .removesuffix:
            let affix = try string(
                try positional(arguments, method.rawValue, 1...1)[0], method.rawValue)
            return same(receiver, removeAffix(affix, of: text, method))
        case .center, .ljust, .rjust, .zfill: return try pad(text, receiver, method, arguments)
        case .splitlines:
            let values = try bind(arguments, "splitlines", ["keepends"])
            try charge(scalarsOf: text)
            let lines = PythonText.lines(text, keepingEnds: try flag(values[0]))
            try charge(lines.count)
            return .list(Elements(lines.map { same(receiver, $0) }))
        case .expandtabs:
            let values = try bind(arguments, "expandtabs", ["tabsize"])
            try charge(scalarsOf: text)
            let size = try integer(values[0], default: 8)
            return same(receiver, try expandTabs(text, size: size))
        case .encode, .translate, .maketrans:
            throw failure("str.\(method.rawValue) is not available")
        default:
            _ = try positional(arguments, method.rawValue, 0...0)
            try charge(scalarsOf: text)
            return try transform(text, receiver, method)
        }
    }

    /// The methods without arguments.
    private func transform(
        _ text: String, _ receiver: TemplateValue, _ method: Method
    ) throws(TemplateError) -> TemplateValue {
        switch method {
        case .upper: return same(receiver, PythonText.uppercased(text))
        case .lower: return same(receiver, PythonText.lowercased(text))
        case .title: return same(receiver, PythonText.titled(text))
        case .capitalize: return same(receiver, PythonText.capitalized(text))
        case .swapcase: return same(receiver, PythonText.caseSwapped(text))
        case .casefold: return same(receiver, PythonText.caseFolded(text))
        case .islower: return .bool(PythonText.isLowercase(text))
        case .isupper: return .bool(PythonText.isUppercase(text))
        case .istitle: return .bool(PythonText.isTitled(text))
        case .isidentifier: return .bool(PythonText.isIdentifier(text))
        default: break
        }
        let accepts: (UnicodeScalar) -> Bool
        var acceptsEmpty = false
        switch method {
        case .isalnum: accepts = PythonText.isAlphanumeric
        case .isalpha: accepts = PythonText.isAlphabetic
        case .isdecimal: accepts = PythonText.isDecimal
        case .isdigit: accepts = PythonText.isDigit
        case .isnumeric: accepts = PythonText.isNumeric
        case .isspace: accepts = PythonText.isSpace
        case .isascii: (accepts, acceptsEmpty) = (\.isASCII, true)
        case .isprintable: (accepts, acceptsEmpty) = (PythonText.isPrintable, true)
        default: throw failure("str.\(method.rawValue) is not available")
        }
        let isEmpty = text.isEmpty
        return .bool(isEmpty ? acceptsEmpty : text.unicodeScalars.allSatisfy(accepts))
    }

    private func strip(
        _ text: String, _ method: Method, _ arguments: Arguments
    ) throws(TemplateError) -> String {
        let values = try positional(arguments, method.rawValue, 0...1)
        return try strip(
            text, values.first, leading: method != .rstrip, trailing: method != .lstrip)
    }

    /// Strips the scalars in `characters`, or whitespace.
    func strip(
        _ text: String, _ characters: TemplateValue?, leading: Bool = true, trailing: Bool = true
    ) throws(TemplateError) -> String {
        guard let characters, !characters.isNone else {
            return PythonText.strip(
                text, leading: leading, trailing: trailing, where: PythonText.isSpace)
        }
        guard let list = characters.text else { throw failure("strip arg must be None or str") }
        try charge(bytes: list.utf8.count)
        let set = Set(list.unicodeScalars)
        return PythonText.strip(text, leading: leading, trailing: trailing) { set.contains($0) }
    }

    private func hasAffix(
        _ text: String, _ method: Method, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try positional(arguments, method.rawValue, 1...3)
        var affixes = [values[0]]
        if case .tuple(let elements) = values[0] { affixes = elements.items }
        let start = try bound(values, 1)
        let end = try bound(values, 2)
        var part = text
        if start != nil || end != nil {
            part = substring(text, start, end)
            if let start, start > PythonText.count(text) { return .bool(false) }
        }
        for affix in affixes {
            let affix = try string(affix, method.rawValue)
            let matches =
                method == .startswith
                ? part.utf8.starts(with: affix.utf8)
                : part.utf8.count >= affix.utf8.count
                    && part.utf8.suffix(affix.utf8.count).elementsEqual(affix.utf8)
            if matches { return .bool(true) }
        }
        return .bool(false)
    }

    /// The slice bound in argument `index`; nil where it is missing or `None`.
    private func bound(_ values: [TemplateValue], _ index: Int) throws(TemplateError) -> Int? {
        guard index < values.count, !values[index].isNone else { return nil }
        return try integer(values[index], default: 0)
    }

    /// Replaces the first `limit` matches, all for a negative limit.
    func replace(
        _ old: String, with new: String, in text: String, limit: Int
    ) throws(TemplateError) -> String {
        let limit = limit < 0 ? Int.max : limit
        let bytes = Array(text.utf8)
        var matches: [Int] = []
        if old.isEmpty {
            for index in bytes.indices where bytes[index] & 0xC0 != 0x80 { matches.append(index) }
            matches.append(bytes.count)
            matches = Array(matches.prefix(limit))
        } else {
            var search = ByteSearch(Array(old.utf8))
            matches = search.all(in: bytes, limit: limit)
        }
        guard !matches.isEmpty else { return text }
        let (added, overflow) = matches.count.multipliedReportingOverflow(by: new.utf8.count)
        guard !overflow else { throw self.limit("text too long") }
        try charge(bytes: bytes.count + added)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count + added)
        var start = 0
        for match in matches {
            result.append(contentsOf: bytes[start..<match])
            result.append(contentsOf: new.utf8)
            start = match + old.utf8.count
        }
        result.append(contentsOf: bytes[start...])
        return String(decoding: result, as: UTF8.self)
    }

    /// `separator.join(items)`; all items must be strings.
    private func join(
        _ separator: TemplateValue, _ items: [TemplateValue]
    ) throws(TemplateError) -> TemplateValue {
        var texts: [String] = []
        for (index, item) in items.enumerated() {
            guard let text = item.text else {
                throw failure(
                    "sequence item \(index): expected str instance, \(item.typeName) found")
            }
            if case .markup = separator, case .string = item {
                texts.append(PythonText.escaped(text))
            } else {
                texts.append(text)
            }
        }
        return same(separator, try join(texts, separator: separator.text ?? ""))
    }

    func join(_ texts: [String], separator: String) throws(TemplateError) -> String {
        var result = ""
        for (index, text) in texts.enumerated() {
            let (size, overflow) = result.utf8.count.addingReportingOverflow(
                text.utf8.count + separator.utf8.count)
            guard !overflow, size <= limits.maximumOutputBytes else {
                throw limit("text too long")
            }
            try charge(1 + (text.utf8.count + separator.utf8.count) >> 6)
            if index > 0 { result += separator }
            result += text
        }
        return result
    }
}
