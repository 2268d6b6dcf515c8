extension PythonText {
    static func uppercased(_ text: String) -> String { text.uppercased() }

    /// `str.lower`, with the final sigma of Greek words.
    static func lowercased(_ text: String) -> String {
        guard text.unicodeScalars.contains("Σ") else { return text.lowercased() }
        let scalars = Array(text.unicodeScalars)
        var result = ""
        for (index, scalar) in scalars.enumerated() {
            result +=
                scalar == "Σ" ? sigma(at: index, in: scalars) : scalar.properties.lowercaseMapping
        }
        return result
    }

    private static func sigma(at index: Int, in scalars: [UnicodeScalar]) -> String {
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        let isFinal = (before?.properties.isCased ?? false) && !(after?.properties.isCased ?? false)
        return isFinal ? "ς" : "σ"
    }

    static func capitalized(_ text: String) -> String {
        guard let first = text.unicodeScalars.first else { return "" }
        return first.properties.titlecaseMapping
            + lowercased(String(text.unicodeScalars.dropFirst()))
    }

    /// `str.title`: the first letter of each run of cased letters in title case.
    static func titled(_ text: String) -> String {
        var result = ""
        var followsCased = false
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            if !followsCased {
                result += scalar.properties.titlecaseMapping
            } else {
                result +=
                    scalar == "Σ"
                    ? sigma(at: index, in: scalars) : scalar.properties.lowercaseMapping
            }
            followsCased = scalar.properties.isCased
        }
        return result
    }

    static func caseSwapped(_ text: String) -> String {
        var result = ""
        let scalars = Array(text.unicodeScalars)
        for (index, scalar) in scalars.enumerated() {
            if scalar.properties.isUppercase {
                result +=
                    scalar == "Σ"
                    ? sigma(at: index, in: scalars) : scalar.properties.lowercaseMapping
            } else if scalar.properties.isLowercase {
                result += scalar.properties.uppercaseMapping
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// `str.casefold`, up to a few letters whose folding is neither of their cases.
    static func caseFolded(_ text: String) -> String {
        text.unicodeScalars.reduce(into: "") { result, scalar in
            result +=
                scalar.isASCII || scalar == "ı"
                ? scalar.properties.lowercaseMapping
                : scalar.properties.uppercaseMapping.lowercased()
        }
    }

    static func isLowercase(_ text: String) -> Bool {
        var found = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isUppercase || isTitlecase(scalar) { return false }
            found = found || scalar.properties.isLowercase
        }
        return found
    }

    static func isUppercase(_ text: String) -> Bool {
        var found = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isLowercase || isTitlecase(scalar) { return false }
            found = found || scalar.properties.isUppercase
        }
        return found
    }

    static func isTitled(_ text: String) -> Bool {
        var found = false
        var followsCased = false
        for scalar in text.unicodeScalars {
            if scalar.properties.isUppercase || isTitlecase(scalar) {
                if followsCased { return false }
                followsCased = true
                found = true
            } else if scalar.properties.isLowercase {
                guard followsCased else { return false }
                found = true
            } else {
                followsCased = false
            }
        }
        return found
    }

    private static func isTitlecase(_ scalar: UnicodeScalar) -> Bool {
        !scalar.isASCII && scalar.properties.generalCategory == .titlecaseLetter
    }

    // MARK: Classes

    static func isAlphabetic(_ scalar: UnicodeScalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            true
        default: false
        }
    }

    static func isDecimal(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.numericType == .decimal
    }

    static func isDigit(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.numericType == .decimal || scalar.properties.numericType == .digit
    }

    static func isNumeric(_ scalar: UnicodeScalar) -> Bool {
        scalar.properties.numericType != nil
    }

    static func isAlphanumeric(_ scalar: UnicodeScalar) -> Bool {
        isAlphabetic(scalar) || isNumeric(scalar)
    }

    static func isIdentifier(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard let first = scalars.first, first == "_" || first.properties.isXIDStart else {
            return false
        }
        return scalars.allSatisfy { $0 == "_" || $0.properties.isXIDContinue }
    }
}
