/// A dictionary key with Python's equality: `1`, `1.0` and `True` are one key.
enum MappingKey: Hashable {
    case none
    case undefined
    case integer(Int)
    case float(Double)
    case string(ExactString)
    case range(start: Int, count: Int, step: Int)
    case tuple([MappingKey])
    case object(ObjectIdentifier)
}

/// A string that equals another when their scalars are the same; Swift's own equality also accepts
/// canonically equivalent ones.
struct ExactString: Hashable {
    let text: String

    static func == (left: ExactString, right: ExactString) -> Bool {
        PythonText.areEqual(left.text, right.text)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
