/// Python's rules for text, on Swift strings: everything counts Unicode scalars.
enum PythonText {
    /// Whether `str.isspace` and the regular expression `\s` accept the scalar.
    static func isSpace(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.value {
        case 0x09...0x0D, 0x1C...0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029,
            0x202F, 0x205F, 0x3000:
            true
        default: false
        }
    }

    /// Whether `str.splitlines` ends a line at the scalar.
    static func isLineBreak(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.value {
        case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    static func count(_ text: String) -> Int {
        var count = 0
        for byte in text.utf8 where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// Whether the strings have the same scalars; Swift's `==` also accepts equivalent ones.
    static func areEqual(_ left: String, _ right: String) -> Bool {
        left.utf8.count == right.utf8.count && compare(left, right) == 0
    }

    /// Negative, zero or positive as `left` is before, the same as or after `right` in scalar
    /// order, which is the order of UTF-8 bytes.
    static func compare(_ left: String, _ right: String) -> Int {
        let result = left.utf8.withContiguousStorageIfAvailable { left in
            right.utf8.withContiguousStorageIfAvailable { right in compare(left, right) }
        }
        if let result = result ?? nil { return result }
        let (left, right) = (Array(left.utf8), Array(right.utf8))
        return left.withUnsafeBufferPointer { left in
            right.withUnsafeBufferPointer { right in compare(left, right) }
        }
    }

    private static func compare(
        _ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>
    ) -> Int {
        for index in 0..<min(left.count, right.count) where left[index] != right[index] {
            return Int(left[index]) - Int(right[index])
        }
        return left.count - right.count
    }

    /// The first place of `needle` in `text` at or after `start`, in bytes.
    ///
    /// - Complexity: O(n + m), so that no pair of strings makes it slow.
    static func find(_ needle: [UInt8], in text: [UInt8], from start: Int = 0) -> Int? {
        var search = ByteSearch(needle)
        return search.next(in: text, from: start)
    }

    /// Strips scalars that `isStripped` accepts.
    static func strip(
        _ text: String, leading: Bool, trailing: Bool,
        where isStripped: (UnicodeScalar) -> Bool
    ) -> String {
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var end = scalars.endIndex
        if leading {
            while start < end, isStripped(scalars[start]) { start = scalars.index(after: start) }
        }
        if trailing {
            while end > start {
                let before = scalars.index(before: end)
                guard isStripped(scalars[before]) else { break }
                end = before
            }
        }
        return start == scalars.startIndex && end == scalars.endIndex
            ? text : String(scalars[start..<end])
    }

    static func strip(_ text: String) -> String {
        strip(text, leading: true, trailing: true, where: isSpace)
    }

    /// `str.splitlines`.
    static func lines(_ text: String, keepingEnds: Bool = false) -> [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var hasLine = false
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if afterReturn {
                afterReturn = false
                if scalar == "\n" {
                    if keepingEnds { lines[lines.count - 1].unicodeScalars.append(scalar) }
                    continue
                }
            }
            guard isLineBreak(scalar) else {
                line.append(scalar)
                hasLine = true
                continue
            }
            if keepingEnds { line.append(scalar) }
            lines.append(String(line))
            line = String.UnicodeScalarView()
            hasLine = false
            afterReturn = scalar == "\r"
        }
        if hasLine { lines.append(String(line)) }
        return lines
    }

    /// The text with `&`, `<`, `>` and quotes as HTML entities.
    static func escaped(_ text: String) -> String {
        var result: [UInt8] = []
        result.reserveCapacity(text.utf8.count)
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): result.append(contentsOf: "&amp;".utf8)
            case UInt8(ascii: "<"): result.append(contentsOf: "&lt;".utf8)
            case UInt8(ascii: ">"): result.append(contentsOf: "&gt;".utf8)
            case UInt8(ascii: "'"): result.append(contentsOf: "&#39;".utf8)
            case UInt8(ascii: "\""): result.append(contentsOf: "&#34;".utf8)
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
