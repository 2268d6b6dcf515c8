import Foundation
import MartletChat
import MartletJSON
import Testing

/// A file of expectations that Tools/goldens/templates.py made.
struct Golden {
    let content: JSONValue

    init(_ name: String) throws {
        let url = try #require(
            Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json"))
        content = try JSONValue(parsing: Data(contentsOf: url))
    }

    /// Renders each `[template, text]` and returns a line for each that comes out differently; a
    /// text of null means that the rendering fails.
    func mismatches() throws -> [String] {
        let variables = try #require(content["variables"]?.object)
        var mismatches: [String] = []
        for value in try #require(content["cases"]?.array) {
            let pair = try #require(value.array)
            let source = try #require(pair[0].string)
            let text = Result { try ChatTemplate(source).render(variables) }
            guard let difference = difference(text, pair[1].string) else { continue }
            mismatches.append("\(source)\n\(difference)")
        }
        return mismatches
    }

    /// What is wrong with `result`; nil where it is as expected, byte by byte.
    func difference(_ result: Result<String, any Error>, _ expected: String?) -> String? {
        switch (result, expected) {
        case (.failure(let error), nil):
            return error is TemplateError ? nil : "untyped error: \(error)"
        case (.success(let text), let expected?):
            guard !text.utf8.elementsEqual(expected.utf8) else { return nil }
            return "  expected \(expected.debugDescription)\n  found    \(text.debugDescription)"
        case (.failure(let error), let expected?):
            return "  expected \(expected.debugDescription)\n  failed   \(error)"
        case (.success(let text), nil):
            return "  expected a failure\n  found    \(text.debugDescription)"
        }
    }
}
