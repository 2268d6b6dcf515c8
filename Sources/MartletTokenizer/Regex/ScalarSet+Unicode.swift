extension ScalarSet {
    /// The version of Unicode that the reference's classes follow, Oniguruma 6.9.10's. Characters
    /// that came later count as unassigned, so that texts are cut where the reference cuts them.
    private static let version = 16

    private static func isKnown(_ properties: Unicode.Scalar.Properties) -> Bool {
        (properties.age?.major ?? version) <= version
    }

    /// The scalars of each general category, computed once per process from the Unicode data of
    /// the Swift runtime. Only planes that hold assigned characters are asked one by one.
    private static let categories: [Unicode.GeneralCategory: ScalarSet] = {
        var ranges: [Unicode.GeneralCategory: [ClosedRange<UInt32>]] = [:]
        var start: UInt32 = 0
        var current: Unicode.GeneralCategory = .control
        func close(before end: UInt32, opening next: Unicode.GeneralCategory) {
            if end > start { ranges[current, default: []].append(start...(end - 1)) }
            start = end
            current = next
        }
        for plane: ClosedRange<UInt32> in [0...0xD7FF, 0xE000...0x3FFFF, 0xE0000...0xE0FFF] {
            for value in plane {
                guard let scalar = Unicode.Scalar(value) else { continue }
                let properties = scalar.properties
                var category = properties.generalCategory
                if category != .unassigned, !isKnown(properties) { category = .unassigned }
                if category != current { close(before: value, opening: category) }
            }
            close(before: plane.upperBound + 1, opening: .unassigned)
            if plane.upperBound == 0xD7FF {
                current = .surrogate
                close(before: 0xE000, opening: .privateUse)
            }
        }
        close(before: 0xF0000, opening: .privateUse)
        close(before: 0xFFFFE, opening: .unassigned)
        close(before: 0x100000, opening: .privateUse)
        close(before: 0x10FFFE, opening: .unassigned)
        close(before: 0x110000, opening: .unassigned)
        return ranges.mapValues { ScalarSet($0) }
    }()

    private static let alphabetic = ScalarSet { $0.isAlphabetic }
    private static let uppercase = ScalarSet { $0.isUppercase }
    private static let lowercase = ScalarSet { $0.isLowercase }

    /// The scalars that have a property. Unassigned planes have none of those asked for here.
    private init(where predicate: (Unicode.Scalar.Properties) -> Bool) {
        var ranges: [ClosedRange<UInt32>] = []
        for value: UInt32 in 0...0x3FFFF {
            guard let scalar = Unicode.Scalar(value), predicate(scalar.properties),
                Self.isKnown(scalar.properties)
            else { continue }
            if let last = ranges.last, last.upperBound + 1 == value {
                ranges[ranges.count - 1] = last.lowerBound...value
            } else {
                ranges.append(value...value)
            }
        }
        self.init(ranges)
    }

    private static func categories(_ members: [Unicode.GeneralCategory]) -> ScalarSet {
        ScalarSet(members.flatMap { categories[$0]?.ranges ?? [] })
    }

    private static let letters: [Unicode.GeneralCategory] = [
        .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
    ]
    private static let marks: [Unicode.GeneralCategory] = [
        .nonspacingMark, .spacingMark, .enclosingMark,
    ]
    private static let numbers: [Unicode.GeneralCategory] = [
        .decimalNumber, .letterNumber, .otherNumber,
    ]
    private static let punctuations: [Unicode.GeneralCategory] = [
        .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
        .initialPunctuation, .finalPunctuation, .otherPunctuation,
    ]
    private static let symbols: [Unicode.GeneralCategory] = [
        .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol,
    ]
    private static let separators: [Unicode.GeneralCategory] = [
        .spaceSeparator, .lineSeparator, .paragraphSeparator,
    ]
    private static let others: [Unicode.GeneralCategory] = [
        .control, .format, .surrogate, .privateUse, .unassigned,
    ]

    /// `\d`: decimal digits of every script.
    static let digit = categories([.decimalNumber])
    /// `\s`: the property White_Space.
    static let whitespace = categories(separators).union(ScalarSet([9...13, 0x85...0x85]))
    /// `\w`: letters, marks, decimal digits, connector punctuation and Other_Alphabetic.
    static let unicodeWord = alphabetic.union(
        categories(marks + [.decimalNumber, .connectorPunctuation]))
    /// `\w` of Oniguruma, whose table for Latin-1 has the superscript digits and fractions too.
    static let word = unicodeWord.union(
        ScalarSet([0xB2...0xB3, 0xB9...0xB9, 0xBC...0xBE]))
    /// Numbers of every kind: the general category N.
    static let number = categories(numbers)
    /// Punctuation of every script, and the ASCII symbols that people call punctuation.
    static let punctuation = categories(punctuations).union(
        ScalarSet([0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E]))
    /// Combining marks of every kind: the general category M.
    static let mark = categories(marks)
    static let hexadecimalDigit = ScalarSet([0x30...0x39, 0x41...0x46, 0x61...0x66])
    static let newline = ScalarSet(0x0A)

    /// The set that `\p{name}` stands for; nil for a name that is not known.
    ///
    /// Case, spaces, hyphens and underscores in a name do not count, as in Unicode Technical
    /// Standard 18.
    static func property(named name: String) -> ScalarSet? {
        let key = String(
            name.unicodeScalars.filter { !" -_".unicodeScalars.contains($0) }.map(Character.init)
        ).lowercased()
        if let members = categoryNames[key] { return categories(members) }
        if let script = scripts[key] {
            return script.subtracting(categories([.unassigned]))
        }
        return derivedProperty(key)
    }

    /// The set that `[:name:]` stands for, where some names mean more, or less, than as `\p{name}`.
    static func bracketed(named name: String) -> ScalarSet? {
        switch name {
        case "punct": categories(punctuations + symbols)
        case "word": unicodeWord
        default: property(named: name)
        }
    }

    private static func derivedProperty(_ key: String) -> ScalarSet? {
        let controls = categories([.control, .surrogate, .unassigned])
        switch key {
        case "any": return .all
        case "assigned": return categories([.unassigned]).complement
        case "ascii": return ScalarSet([0...0x7F])
        case "alpha", "alphabetic": return alphabetic
        case "upper", "uppercase": return uppercase
        case "lower", "lowercase": return lowercase
        case "space", "whitespace": return whitespace
        case "word": return word
        case "alnum": return alphabetic.union(digit)
        case "xdigit": return hexadecimalDigit
        case "blank": return categories([.spaceSeparator]).union(ScalarSet(9))
        case "cntrl": return categories([.control])
        case "graph": return whitespace.union(controls).complement
        case "print":
            return whitespace.union(controls).complement
                .union(categories([.spaceSeparator]))
        default: return nil
        }
    }

    private static let categoryNames: [String: [Unicode.GeneralCategory]] = [
        "l": letters, "letter": letters,
        "lu": [.uppercaseLetter], "uppercaseletter": [.uppercaseLetter],
        "ll": [.lowercaseLetter], "lowercaseletter": [.lowercaseLetter],
        "lt": [.titlecaseLetter], "titlecaseletter": [.titlecaseLetter],
        "lc": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter],
        "casedletter": [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter],
        "lm": [.modifierLetter], "modifierletter": [.modifierLetter],
        "lo": [.otherLetter], "otherletter": [.otherLetter],
        "m": marks, "mark": marks, "combiningmark": marks,
        "mn": [.nonspacingMark], "nonspacingmark": [.nonspacingMark],
        "mc": [.spacingMark], "spacingmark": [.spacingMark],
        "me": [.enclosingMark], "enclosingmark": [.enclosingMark],
        "n": numbers, "number": numbers,
        "nd": [.decimalNumber], "decimalnumber": [.decimalNumber], "digit": [.decimalNumber],
        "nl": [.letterNumber], "letternumber": [.letterNumber],
        "no": [.otherNumber], "othernumber": [.otherNumber],
        "p": punctuations, "punctuation": punctuations, "punct": punctuations,
        "pc": [.connectorPunctuation], "connectorpunctuation": [.connectorPunctuation],
        "pd": [.dashPunctuation], "dashpunctuation": [.dashPunctuation],
        "ps": [.openPunctuation], "openpunctuation": [.openPunctuation],
        "pe": [.closePunctuation], "closepunctuation": [.closePunctuation],
        "pi": [.initialPunctuation], "initialpunctuation": [.initialPunctuation],
        "pf": [.finalPunctuation], "finalpunctuation": [.finalPunctuation],
        "po": [.otherPunctuation], "otherpunctuation": [.otherPunctuation],
        "s": symbols, "symbol": symbols,
        "sm": [.mathSymbol], "mathsymbol": [.mathSymbol],
        "sc": [.currencySymbol], "currencysymbol": [.currencySymbol],
        "sk": [.modifierSymbol], "modifiersymbol": [.modifierSymbol],
        "so": [.otherSymbol], "othersymbol": [.otherSymbol],
        "z": separators, "separator": separators,
        "zs": [.spaceSeparator], "spaceseparator": [.spaceSeparator],
        "zl": [.lineSeparator], "lineseparator": [.lineSeparator],
        "zp": [.paragraphSeparator], "paragraphseparator": [.paragraphSeparator],
        "c": others, "other": others,
        "cc": [.control], "control": [.control],
        "cf": [.format], "format": [.format],
        "cs": [.surrogate], "surrogate": [.surrogate],
        "co": [.privateUse], "privateuse": [.privateUse],
        "cn": [.unassigned], "unassigned": [.unassigned],
    ]
}
