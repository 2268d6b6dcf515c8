/// The methods that values have, by their Python names.
enum Method: String, Sendable {
    // Strings.
    case capitalize, casefold, center, count, encode, endswith, expandtabs, find, format
    case formatMap = "format_map"
    case index, isalnum, isalpha, isascii, isdecimal, isdigit, isidentifier, islower, isnumeric
    case isprintable, isspace, istitle, isupper, join, ljust, lower, lstrip, maketrans, partition
    case removeprefix, removesuffix, replace, rfind, rindex, rjust, rpartition, rsplit, rstrip
    case split, splitlines, startswith, strip, swapcase, title, translate, upper, zfill
    // Containers.
    case copy, get, items, keys, values, fromkeys
    // Methods that would change their object, which the sandbox forbids.
    case append, clear, extend, insert, pop, popitem, remove, reverse, setdefault, sort, update
    // Numbers.
    case bitLength = "bit_length"
    case bitCount = "bit_count"
    case isInteger = "is_integer"
    case conjugate
    // Objects of the template language.
    case cycle, changed, next, reset

    /// Whether values of the receiver's type have the method; nil where they have it and the
    /// sandbox forbids it.
    func exists(on receiver: TemplateValue) -> Bool? {
        switch receiver {
        case .string, .markup: isOfStrings
        case .list:
            switch self {
            case .count, .index, .copy: true
            case .append, .clear, .extend, .insert, .pop, .remove, .reverse, .sort: nil
            default: false
            }
        case .tuple, .range: self == .count || self == .index
        case .dictionary:
            switch self {
            case .copy, .get, .items, .keys, .values, .fromkeys: true
            case .clear, .pop, .popitem, .setdefault, .update: nil
            default: false
            }
        case .integer, .bool: self == .bitLength || self == .bitCount || self == .conjugate
        case .float: self == .isInteger || self == .conjugate
        case .loop: self == .cycle || self == .changed
        case .cycler: self == .next || self == .reset
        case .callable(let callable):
            if case .function(.dict) = callable.kind { self == .fromkeys } else { false }
        default: false
        }
    }

    private var isOfStrings: Bool {
        switch self {
        case .copy, .get, .items, .keys, .values, .fromkeys, .append, .clear, .extend, .insert,
            .pop, .popitem, .remove, .reverse, .setdefault, .sort, .update, .bitLength,
            .bitCount, .isInteger, .conjugate, .cycle, .changed, .next, .reset:
            false
        default: true
        }
    }
}

/// The functions that templates find without being given them.
enum GlobalFunction: String, CaseIterable, Sendable {
    case range, dict, namespace, cycler, joiner
    case raiseException = "raise_exception"
}
