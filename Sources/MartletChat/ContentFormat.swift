/// What a template expects as the content of a message.
package enum ContentFormat: String, Hashable, Sendable {
    /// One text.
    case string
    /// A list of parts such as `{"type": "text", "text": "…"}`.
    case openAI = "openai"
}

extension ContentFormat {
    /// Tells from a template whether it walks over the parts of a message's content.
    ///
    /// - Source: vLLM `renderers/hf.py`, `_detect_content_format`.
    init(_ statements: [Statement]) {
        self = ContentFormatDetector(statements).walksOverContent ? .openAI : .string
    }
}
