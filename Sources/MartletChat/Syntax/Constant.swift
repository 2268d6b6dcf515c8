/// A literal of the template language.
enum Constant: Hashable, Sendable {
    case none
    case bool(Bool)
    case integer(Int)
    case float(Double)
    case string(String)
}
