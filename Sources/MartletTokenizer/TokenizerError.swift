package import MartletJSON

/// Why a tokenizer cannot be made from its files.
package enum TokenizerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file cannot be read.
    case unreadable(file: String, reason: String)
    /// The file is not JSON.
    case malformed(file: String, JSONError)
    /// A field is missing or holds what it must not: `model.vocab: expected an object`.
    case invalid(file: String, field: String, reason: String)
    /// A field asks for something that exists elsewhere but not here.
    case unsupported(file: String, field: String, kind: String)
    /// A regular expression in a field cannot be used.
    case pattern(file: String, field: String, PatternError)

    package var description: String {
        switch self {
        case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
        case .malformed(let file, let error): "\(file): \(error)"
        case .invalid(let file, let field, let reason): "\(file): \(field): \(reason)"
        case .unsupported(let file, let field, let kind):
            "\(file): \(field): \(kind) is not supported"
        case .pattern(let file, let field, let error): "\(file): \(field): \(error)"
        }
    }
}
