/// A value while a template is rendered, with Python's types and rules.
///
/// Lists and dictionaries cannot be changed, as the reference sandbox forbids it. What can change
/// (namespaces, scopes, loops) is an object that the ``Renderer`` empties at its end, so that
/// cycles do not leak.
enum TemplateValue {
    case undefined(Undefined)
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
    /// A string marked as safe HTML: adding a plain string to it escapes that string.
    case markup(String)
    case list(Elements)
    case tuple(Elements)
    case dictionary(Mapping)
    case view(MappingView)
    case range(RangeValue)
    case iterator(ValueIterator)
    case callable(CallableValue)
    case namespace(Namespace)
    case loop(LoopContext)
    case cycler(Cycler)

    init(_ constant: Constant) {
        switch constant {
        case .none: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .float(let value): self = .float(value)
        case .string(let value): self = .string(value)
        }
    }

    /// The text of a string, safe or not.
    var text: String? {
        switch self {
        case .string(let text), .markup(let text): text
        default: nil
        }
    }

    var isUndefined: Bool {
        if case .undefined = self { return true }
        return false
    }

    var isNone: Bool {
        if case .none = self { return true }
        return false
    }

    /// The value of an integer or boolean.
    var integer: Int? {
        switch self {
        case .integer(let value): value
        case .bool(let value): value ? 1 : 0
        default: nil
        }
    }

    /// The value of any number.
    var double: Double? {
        if case .float(let value) = self { return value }
        return integer.map(Double.init)
    }

    /// The elements of a list or tuple.
    var elements: [TemplateValue]? {
        switch self {
        case .list(let elements), .tuple(let elements): elements.items
        default: nil
        }
    }

    /// Nested values below this one; bounds every recursion over values.
    var depth: Int {
        switch self {
        case .list(let elements), .tuple(let elements): elements.depth
        case .dictionary(let mapping): mapping.depth
        case .view(let view): view.mapping.depth + 1
        case .iterator(let iterator): iterator.depth
        case .callable(let callable): callable.depth
        case .loop(let loop): loop.depth
        case .cycler(let cycler): cycler.items.depth + 1
        default: 0
        }
    }

    /// The name of the type in Python.
    var typeName: String {
        switch self {
        case .undefined: "Undefined"
        case .none: "NoneType"
        case .bool: "bool"
        case .integer: "int"
        case .float: "float"
        case .string: "str"
        case .markup: "Markup"
        case .list: "list"
        case .tuple: "tuple"
        case .dictionary: "dict"
        case .view(let view): view.typeName
        case .range: "range"
        case .iterator(let iterator): iterator.typeName
        case .callable(let callable): callable.typeName
        case .namespace: "Namespace"
        case .loop: "LoopContext"
        case .cycler: "Cycler"
        }
    }
}
