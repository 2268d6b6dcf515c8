package import MartletJSON

/// A chat template: the Jinja program of a model's tokenizer that turns a conversation into text.
///
/// It renders what transformers' `apply_chat_template` renders, with three limits: no file, no
/// clock (`strftime_now` is undefined, for which templates test), and bounded work.
///
/// - Source: jinja2 3.1 `ImmutableSandboxedEnvironment` and transformers 5
///   `utils/chat_template_utils.py`.
package struct ChatTemplate: Sendable {
    /// Bytes of the longest template.
    package static let maximumSourceBytes = 1 << 20

    let source: String
    let program: Parser.Result
    /// Whether the template wants message content as text or as a list of parts.
    package let contentFormat: ContentFormat

    /// Parses a template once for any number of renderings.
    ///
    /// - Throws: ``TemplateError/syntax(line:message:)`` or
    ///   ``TemplateError/unsupported(line:feature:)``.
    /// - Complexity: O(n) in the length of the source.
    package init(_ source: String) throws(TemplateError) {
        guard source.utf8.count <= Self.maximumSourceBytes else {
            throw .syntax(line: 1, message: "longer than \(Self.maximumSourceBytes) bytes")
        }
        self.source = source
        program = try Parser.parse(source)
        contentFormat = ContentFormat(program.body.statements)
    }

    /// Renders the template with `variables` as its context.
    ///
    /// - Throws: ``TemplateError``; a template that fails leaves nothing behind.
    package func render(
        _ variables: JSONObject, limits: RenderLimits = .default
    ) throws(TemplateError) -> String {
        let renderer = Renderer(template: self, limits: limits)
        defer { renderer.clear() }
        return try renderer.render(variables)
    }
}
