extension PythonText {
    /// The text as a Python string literal, as `repr` writes it.
    static func quoted(_ text: String) -> String {
        let quote: UnicodeScalar =
            text.utf8.contains(UInt8(ascii: "'")) && !text.utf8.contains(UInt8(ascii: "\""))
            ? "\"" : "'"
        var result = String(quote)
        for scalar in text.unicodeScalars {
            switch scalar {
            case quote, "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else {
                    result += escape(scalar)
                }
            }
        }
        result.unicodeScalars.append(quote)
        return result
    }

    private static func escape(_ scalar: UnicodeScalar) -> String {
        let (letter, width) =
            scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\\(letter)\(hexadecimal(scalar.value, width: width))"
    }

    static func hexadecimal(_ value: UInt32, width: Int) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    static func isPrintable(_ scalar: UnicodeScalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator,
            .paragraphSeparator, .spaceSeparator:
            return false
        default: return true
        }
    }

    /// A float as `repr` writes it: the shortest digits that read back the same, with an exponent
    /// below 1e-4 and from 1e16.
    static func literal(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        if value.isInfinite { return value < 0 ? "-inf" : "inf" }
        if value == 0 { return value.sign == .minus ? "-0.0" : "0.0" }
        let (digits, exponent) = decimal(value.magnitude)
        let sign = value < 0 ? "-" : ""
        guard exponent >= -4, exponent < 16 else {
            let fraction = digits.count > 1 ? "." + digits.dropFirst() : ""
            let power = abs(exponent)
            return "\(sign)\(digits.prefix(1))\(fraction)e\(exponent < 0 ? "-" : "+")"
                + (power < 10 ? "0\(power)" : "\(power)")
        }
        if exponent < 0 {
            return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits
        }
        let whole = exponent + 1
        if digits.count <= whole {
            return sign + digits + String(repeating: "0", count: whole - digits.count) + ".0"
        }
        return sign + digits.prefix(whole) + "." + digits.dropFirst(whole)
    }

    /// The shortest significant digits of a positive number, and the power of ten of the first.
    private static func decimal(_ value: Double) -> (digits: String, exponent: Int) {
        var text = value.description
        var exponent = 0
        if let mark = text.firstIndex(of: "e") {
            exponent = Int(text[text.index(after: mark)...]) ?? 0
            text = String(text[..<mark])
        }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(parts[0])
        var digits = whole + (parts.count > 1 ? String(parts[1]) : "")
        exponent += whole.utf8.count - 1
        while digits.hasPrefix("0") {
            digits.removeFirst()
            exponent -= 1
        }
        while digits.hasSuffix("0") { digits.removeLast() }
        return (digits, exponent)
    }

    /// The number that `float(text)` reads; nil where it fails.
    static func parseFloat(_ text: String) -> Double? {
        let trimmed = strip(text)
        let lower = trimmed.lowercased()
        let unsigned = lower.hasPrefix("-") || lower.hasPrefix("+") ? lower.dropFirst() : lower[...]
        switch unsigned {
        case "inf", "infinity": return lower.hasPrefix("-") ? -Double.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        guard let digits = removingUnderscores(trimmed),
            digits.utf8.allSatisfy({ "0123456789.eE+-".utf8.contains($0) })
        else { return nil }
        // Swift reads ".5" and "5." only with a digit on both sides of the point.
        var padded = ""
        var previous: Character = " "
        for character in digits {
            if character == ".", !previous.isNumber { padded += "0" }
            if previous == ".", !character.isNumber { padded += "0" }
            padded.append(character)
            previous = character
        }
        if previous == "." { padded += "0" }
        guard digits.utf8.contains(where: { $0 &- UInt8(ascii: "0") < 10 }),
            !unsigned.hasPrefix(".e")
        else { return nil }
        return Double(padded)
    }

    /// The number that `int(text, base)` reads; nil where it fails, `overflow` where it is too
    /// large.
    static func parseInteger(_ text: String, base: Int) -> (value: Int?, overflow: Bool) {
        var digits = strip(text).lowercased()
        var sign = ""
        if let first = digits.first, first == "-" || first == "+" {
            sign = first == "-" ? "-" : ""
            digits.removeFirst()
        }
        var base = base
        for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)]
        where digits.hasPrefix(prefix) && (base == 0 || base == radix) {
            digits.removeFirst(2)
            if digits.hasPrefix("_") { digits.removeFirst() }
            base = radix
        }
        let isDecimalLiteral = base == 0
        if isDecimalLiteral { base = 10 }
        guard let plain = removingUnderscores(digits), (2...36).contains(base), !plain.isEmpty,
            plain.utf8.allSatisfy({
                (Character(UnicodeScalar($0)).hexDigitValue ?? letterValue($0)) < base
            })
        else { return (nil, false) }
        if isDecimalLiteral, plain.hasPrefix("0"), plain.contains(where: { $0 != "0" }) {
            return (nil, false)
        }
        let value = Int(sign + plain, radix: base)
        return (value, value == nil)
    }

    private static func letterValue(_ byte: UInt8) -> Int {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            ? Int(byte - UInt8(ascii: "a")) + 10 : .max
    }

    /// The digits without underscores; nil where one is not between two digits or letters.
    private static func removingUnderscores(_ text: String) -> String? {
        guard text.utf8.contains(UInt8(ascii: "_")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            guard byte == UInt8(ascii: "_") else {
                result.append(byte)
                continue
            }
            guard index > 0, index + 1 < bytes.count,
                Character(UnicodeScalar(bytes[index - 1])).isHexDigit,
                Character(UnicodeScalar(bytes[index + 1])).isHexDigit
            else { return nil }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
