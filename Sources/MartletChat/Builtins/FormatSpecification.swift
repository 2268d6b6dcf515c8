/// How a value is laid out: Python's format specification, which `%` formats use too.
struct FormatSpecification {
    var fill: UnicodeScalar = " "
    /// `<`, `>`, `^` or `=`; nil for the type's own alignment.
    var alignment: UnicodeScalar?
    /// `-`, `+` or space.
    var sign: UnicodeScalar = "-"
    var isAlternate = false
    var width = 0
    /// `,` or `_`.
    var grouping: UnicodeScalar?
    var precision: Int?
    /// The conversion; nil where none is given.
    var type: UnicodeScalar?

    init() {}

    /// Parses `[[fill]align][sign][#][0][width][grouping][.precision][type]`; nil where it is not
    /// one.
    init?(_ text: String) {
        var rest = Array(text.unicodeScalars)[...]
        let alignments: Set<UnicodeScalar> = ["<", ">", "^", "="]
        if rest.count > 1, alignments.contains(rest[rest.startIndex + 1]) {
            fill = rest.removeFirst()
            alignment = rest.removeFirst()
        } else if let first = rest.first, alignments.contains(first) {
            alignment = rest.removeFirst()
        }
        if let first = rest.first, first == "+" || first == "-" || first == " " {
            sign = rest.removeFirst()
        }
        if rest.first == "#" {
            isAlternate = true
            rest.removeFirst()
        }
        if rest.first == "0" {
            if alignment == nil {
                fill = "0"
                alignment = "="
            }
            rest.removeFirst()
        }
        guard let width = Self.takeNumber(&rest) else { return nil }
        self.width = width ?? 0
        if let first = rest.first, first == "," || first == "_" { grouping = rest.removeFirst() }
        if rest.first == "." {
            rest.removeFirst()
            guard case let digits?? = Self.takeNumber(&rest) else { return nil }
            precision = digits
        }
        if let first = rest.first {
            type = first
            rest.removeFirst()
        }
        guard rest.isEmpty else { return nil }
    }

    /// The digits at the start as a number, inner nil where there are none; outer nil where the
    /// number is too large for any layout.
    static func takeNumber(_ rest: inout ArraySlice<UnicodeScalar>) -> Int?? {
        var value: Int?
        while let first = rest.first, ("0"..."9").contains(first) {
            let next = (value ?? 0) * 10 + Int(first.value - 48)
            guard next <= 1 << 40 else { return .none }
            value = next
            rest.removeFirst()
        }
        return .some(value)
    }
}
