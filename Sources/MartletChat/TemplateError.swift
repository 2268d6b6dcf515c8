/// Why a chat template cannot be parsed or rendered.
package enum TemplateError: Error, Hashable, Sendable {
    /// The source is not a template.
    case syntax(line: Int, message: String)
    /// The source uses a part of the language that chat templates have no need for, such as
    /// `include`, which would read files.
    case unsupported(line: Int, feature: String)
    /// An operation met a value of the wrong type or range.
    case runtime(line: Int, message: String)
    /// An operation met an undefined value.
    case undefined(line: Int, message: String)
    /// The template called `raise_exception`.
    case raised(message: String)
    /// The template asked for more work, memory or nesting than ``RenderLimits`` allow.
    case limitExceeded(line: Int, limit: String)
    /// The prompt does not have the shape that a conversation has.
    case invalidPrompt(message: String)
}

extension TemplateError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .syntax(let line, let message):
            "chat template, line \(line): syntax error: \(message)"
        case .unsupported(let line, let feature):
            "chat template, line \(line): \(feature) is not supported"
        case .runtime(let line, let message), .undefined(let line, let message):
            "chat template, line \(line): \(message)"
        case .raised(let message): message
        case .limitExceeded(let line, let limit):
            "chat template, line \(line): limit exceeded: \(limit)"
        case .invalidPrompt(let message): message
        }
    }
}
