package import MartletJSON

extension ValidationIssue {
    /// The issue of a body that is not JSON, in the words of Python's parser.
    ///
    /// - Parameter text: The body, to turn the byte offset into one of characters.
    package init(_ error: JSONError, in text: some Collection<UInt8>) {
        let prefix = text.prefix(error.offset)
        let offset = prefix.count { $0 & 0xC0 != 0x80 }
        self.init(
            "json_invalid", at: "body.\(offset)", "JSON decode error",
            input: "'<dict of 0 items>'",
            context: "{'error': \(PythonText.quoted(Self.reason(of: error)))}")
    }

    private static func reason(of error: JSONError) -> String {
        let reason = error.reason
        let known: [(prefix: String, text: String)] = [
            ("expected a member name", "Expecting property name enclosed in double quotes"),
            ("expected a value", "Expecting value"),
            ("expected ':'", "Expecting ':' delimiter"),
            ("expected ','", "Expecting ',' delimiter"),
            ("extra data", "Extra data"),
            ("unterminated string", "Unterminated string starting at"),
            ("control character", "Invalid control character at"),
            ("unknown escape", "Invalid \\escape"),
            ("expected four hexadecimal digits", "Invalid \\uXXXX escape"),
        ]
        return known.first { reason.hasPrefix($0.prefix) }?.text ?? reason
    }

    /// The issue of a body that is JSON and not an object.
    package init(notAnObject value: JSONValue) {
        self.init(
            "model_attributes_type", at: "body",
            "Input should be a valid dictionary or object to extract fields from",
            input: PythonText.summary(of: value))
    }
}
