/// The value of what does not exist: prints as nothing, is false and empty, and fails in any other
/// operation with the reason it carries.
final class Undefined {
    enum Reason {
        case name(String)
        case attribute(ofType: String, name: String)
        case element(ofType: String, index: String)
        case message(String)
    }

    let reason: Reason

    init(_ reason: Reason) { self.reason = reason }

    var message: String {
        switch reason {
        case .name(let name): "\(PythonText.quoted(name)) is undefined"
        case .attribute(let type, let name):
            "'\(type)' has no attribute \(PythonText.quoted(name))"
        case .element(let type, let index): "\(type) has no element \(index)"
        case .message(let message): message
        }
    }
}
