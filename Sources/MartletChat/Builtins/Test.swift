/// The tests, by their names in templates.
enum Test: String, Sendable {
    case boolean, callable, defined, divisibleby, escaped, even, `false`, filter, float, `in`
    case integer, iterable, lower, mapping, none, number, odd, sameas, sequence, string, test
    case `true`, undefined, upper
    case eq, equalto
    case equalSign = "=="
    case ne
    case notEqualSign = "!="
    case gt, greaterthan
    case greaterSign = ">"
    case ge
    case greaterOrEqualSign = ">="
    case lt, lessthan
    case lessSign = "<"
    case le
    case lessOrEqualSign = "<="
}
