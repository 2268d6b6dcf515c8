import HTTPTypes
import MartletJSON

/// One thing that is wrong with the form of a request's body.
///
/// - Source: vLLM 0.32 reports what pydantic finds as Python dictionaries in the message; clients
///   and their tests match on that text, so it is made here in the same form.
package struct ValidationIssue: Hashable, Sendable {
    /// The kind: `missing`, `float_parsing`.
    package let type: String
    /// The place: `body.temperature`.
    package let location: String
    /// A phrase for people.
    package let message: String
    /// The offending value in Python's notation, cut where it is long.
    package let input: String
    /// Further details in Python's notation.
    package let context: String?

    package init(
        _ type: String, at location: String, _ message: String, input: String,
        context: String? = nil
    ) {
        self.type = type
        self.location = location
        self.message = message
        self.input = input
        self.context = context
    }

    var description: String {
        var text = "{'type': \(PythonText.quoted(type)), 'loc': \(PythonText.quoted(location)), "
        text += "'msg': \(PythonText.quoted(message)), 'input': \(input)"
        if let context { text += ", 'ctx': \(context)" }
        return text + "}"
    }
}

extension APIError {
    /// At most this many issues are spelled out.
    private static let maximumReportedIssues = 10

    /// The error for a body of the wrong form. There is at least one issue.
    package init(_ issues: [ValidationIssue]) {
        let lines = issues.prefix(Self.maximumReportedIssues).map { "\n  \($0.description)" }
        let noun = issues.count == 1 ? "error" : "errors"
        self.init(
            .badRequest, "Bad Request",
            "\(issues.count) validation \(noun):" + lines.joined(),
            param: issues.first?.location)
    }
}
