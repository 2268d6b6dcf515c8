import OrderedCollections

extension JSONValue {
    /// Limits that keep a hostile document from exhausting the stack.
    package static let defaultMaximumDepth = 256

    /// Parses UTF-8 text that holds exactly one JSON value.
    ///
    /// - Throws: ``JSONError`` with the byte offset, for malformed JSON, invalid UTF-8, trailing
    ///   text, or more than `maximumDepth` nested containers.
    /// - Complexity: O(n) in the length of the text.
    package init(
        parsing bytes: some Sequence<UInt8>, maximumDepth: Int = defaultMaximumDepth
    ) throws(JSONError) {
        let parsed: Result<JSONValue, JSONError>? = bytes.withContiguousStorageIfAvailable {
            JSONValue.parse($0, maximumDepth: maximumDepth)
        }
        if let parsed {
            self = try parsed.get()
            return
        }
        let copy = Array(bytes)
        self = try copy.withUnsafeBufferPointer {
            JSONValue.parse($0, maximumDepth: maximumDepth)
        }.get()
    }

    /// Parses a string that holds exactly one JSON value.
    ///
    /// - Throws: ``JSONError`` as ``init(parsing:maximumDepth:)-(Sequence<UInt8>,_)``.
    package init(
        parsing text: String, maximumDepth: Int = defaultMaximumDepth
    ) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
    }

    private static func parse(
        _ bytes: UnsafeBufferPointer<UInt8>, maximumDepth: Int
    ) -> Result<JSONValue, JSONError> {
        do throws(JSONError) {
            var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
            return .success(try parser.parseDocument())
        } catch {
            return .failure(error)
        }
    }
}
