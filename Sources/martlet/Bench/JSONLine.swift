import MartletJSON

extension StandardOutput {
    /// Writes a document on a line of its own.
    static func write(line document: JSONValue) {
        write(String(decoding: document.serialized, as: UTF8.self) + "\n")
    }
}
