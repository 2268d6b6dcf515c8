extension Renderer {
    /// `find`, `rfind`, `index`, `rindex` and `count`.
    func search(
        _ text: String, _ method: Method, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try positional(arguments, method.rawValue, 1...3)
        let needle = Array(try string(values[0], method.rawValue).utf8)
        var part = text
        var offset = 0
        var isOutside = false
        if values.count > 1 {
            let count = PythonText.count(text)
            let start = values[1].isNone ? 0 : try integer(values[1], default: 0)
            let end =
                values.count > 2 && !values[2].isNone ? try integer(values[2], default: 0) : count
            offset = max(0, start < 0 ? start + count : start)
            isOutside = offset > min(count, end < 0 ? end + count : end)
            part = substring(text, start, end)
        }
        let bytes = Array(part.utf8)
        try charge(bytes: bytes.count)
        var search = ByteSearch(needle)
        if method == .count {
            guard !isOutside else { return .integer(0) }
            let count =
                needle.isEmpty ? PythonText.count(part) + 1 : search.all(in: bytes).count
            return .integer(count)
        }
        var match: Int?
        if !isOutside {
            match =
                method == .find || method == .index
                ? search.next(in: bytes, from: 0) : lastMatch(of: needle, in: bytes)
        }
        guard let match else {
            guard method == .find || method == .rfind else { throw failure("substring not found") }
            return .integer(-1)
        }
        return .integer(offset + bytes[..<match].count { $0 & 0xC0 != 0x80 })
    }

    private func lastMatch(of needle: [UInt8], in bytes: [UInt8]) -> Int? {
        var search = ByteSearch(needle.reversed())
        return search.next(in: bytes.reversed(), from: 0).map { bytes.count - $0 - needle.count }
    }

    func partition(
        _ text: String, _ receiver: TemplateValue, _ method: Method, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try positional(arguments, method.rawValue, 1...1)
        let separator = try string(values[0], method.rawValue)
        guard !separator.isEmpty else { throw failure("empty separator") }
        let bytes = Array(text.utf8)
        let needle = Array(separator.utf8)
        let match =
            method == .partition
            ? PythonText.find(needle, in: bytes) : lastMatch(of: needle, in: bytes)
        var parts = method == .partition ? [text, "", ""] : ["", "", text]
        if let match {
            parts = [
                String(decoding: bytes[..<match], as: UTF8.self), separator,
                String(decoding: bytes[(match + needle.count)...], as: UTF8.self),
            ]
        }
        return .tuple(Elements(parts.map { same(receiver, $0) }))
    }

    func removeAffix(_ affix: String, of text: String, _ method: Method) -> String {
        let count = affix.utf8.count
        guard count > 0, text.utf8.count >= count else { return text }
        if method == .removeprefix {
            guard text.utf8.starts(with: affix.utf8) else { return text }
            return String(decoding: text.utf8.dropFirst(count), as: UTF8.self)
        }
        guard text.utf8.suffix(count).elementsEqual(affix.utf8) else { return text }
        return String(decoding: text.utf8.dropLast(count), as: UTF8.self)
    }

    func pad(
        _ text: String, _ receiver: TemplateValue, _ method: Method, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try positional(
            arguments, method.rawValue, 1...(method == .zfill ? 1 : 2))
        let width = try integer(values[0], default: 0)
        let fill = values.count > 1 ? try string(values[1], method.rawValue) : " "
        guard PythonText.count(fill) == 1 else {
            throw failure("The fill character must be exactly one character long")
        }
        let missing = width.subtractingReportingOverflow(PythonText.count(text)).partialValue
        guard missing > 0, width > 0 else { return same(receiver, text) }
        try charge(bytes: missing > limits.maximumOutputBytes ? missing : missing * fill.utf8.count)
        switch method {
        case .ljust: return same(receiver, text + String(repeating: fill, count: missing))
        case .rjust: return same(receiver, String(repeating: fill, count: missing) + text)
        case .center:
            let left = missing / 2 + (missing & width & 1)
            return same(
                receiver,
                String(repeating: fill, count: left) + text
                    + String(repeating: fill, count: missing - left))
        default:
            let zeros = String(repeating: "0", count: missing)
            guard let first = text.unicodeScalars.first, first == "-" || first == "+" else {
                return same(receiver, zeros + text)
            }
            return same(
                receiver, "\(first)" + zeros + String(text.unicodeScalars.dropFirst()))
        }
    }

    func expandTabs(_ text: String, size: Int) throws(TemplateError) -> String {
        var result = ""
        var column = 0
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                guard size > 0 else { continue }
                let width = size - column % size
                try charge(bytes: result.utf8.count.addingReportingOverflow(width).partialValue)
                guard width <= limits.maximumOutputBytes else { throw limit("text too long") }
                result += String(repeating: " ", count: width)
                column += width
            } else {
                result.unicodeScalars.append(scalar)
                column = scalar == "\n" || scalar == "\r" ? 0 : column + 1
            }
        }
        return result
    }

    // MARK: Splitting

    func split(
        _ text: String, _ receiver: TemplateValue, _ method: Method, _ arguments: Arguments
    ) throws(TemplateError) -> TemplateValue {
        let values = try bind(arguments, method.rawValue, ["sep", "maxsplit"])
        let limit = try integer(values[1], default: -1)
        let maximum = limit < 0 ? Int.max : limit
        let isReversed = method == .rsplit
        let parts: [String]
        if let separator = values[0], !separator.isNone {
            let separator = try string(separator, method.rawValue)
            guard !separator.isEmpty else { throw failure("empty separator") }
            parts = split(text, at: separator, maximum: maximum, fromEnd: isReversed)
        } else {
            try charge(scalarsOf: text)
            parts = splitAtSpace(text, maximum: maximum, fromEnd: isReversed)
        }
        try charge(parts.count)
        return .list(Elements(parts.map { same(receiver, $0) }))
    }

    private func split(
        _ text: String, at separator: String, maximum: Int, fromEnd: Bool
    ) -> [String] {
        let bytes = Array(text.utf8)
        let needle = Array(separator.utf8)
        let matches: [Int]
        if fromEnd, maximum < Int.max {
            var search = ByteSearch(needle.reversed())
            matches = search.all(in: bytes.reversed(), limit: maximum).reversed().map {
                bytes.count - $0 - needle.count
            }
        } else {
            var search = ByteSearch(needle)
            matches = search.all(in: bytes, limit: maximum)
        }
        var parts: [String] = []
        var start = 0
        for match in matches {
            parts.append(String(decoding: bytes[start..<match], as: UTF8.self))
            start = match + needle.count
        }
        parts.append(String(decoding: bytes[start...], as: UTF8.self))
        return parts
    }

    private func splitAtSpace(_ text: String, maximum: Int, fromEnd: Bool) -> [String] {
        var scalars = Array(text.unicodeScalars)
        if fromEnd { scalars.reverse() }
        var parts: [String] = []
        var index = 0
        func part(_ range: Range<Int>) -> String {
            var view = String.UnicodeScalarView()
            if fromEnd {
                view.append(contentsOf: scalars[range].reversed())
            } else {
                view.append(contentsOf: scalars[range])
            }
            return String(view)
        }
        while true {
            while index < scalars.count, PythonText.isSpace(scalars[index]) { index += 1 }
            guard index < scalars.count else { break }
            if parts.count == maximum {
                parts.append(part(index..<scalars.count))
                break
            }
            var end = index
            while end < scalars.count, !PythonText.isSpace(scalars[end]) { end += 1 }
            parts.append(part(index..<end))
            index = end
        }
        return fromEnd ? parts.reversed() : parts
    }
}
