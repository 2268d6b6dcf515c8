import FoundationEssentials
import MartletJSON

extension TokenizerStorage {
    /// Files larger than this are not read.
    private static let maximumFileSize = 512 << 20

    convenience init(directory: String) throws(TokenizerError) {
        let file = "\(directory)/tokenizer.json"
        let document = try Self.document(file)
        let template = try Self.contents("\(directory)/chat_template.jinja")
        try self.init(
            document: document,
            configuration: TokenizerConfiguration(
                try Self.json("\(directory)/tokenizer_config.json"),
                specialTokensMap: try Self.json("\(directory)/special_tokens_map.json"),
                template: template.map { String(decoding: $0, as: UTF8.self) },
                file: "\(directory)/tokenizer_config.json"))
    }

    private static func document(_ file: String) throws(TokenizerError) -> TokenizerDocument {
        guard let data = try contents(file) else {
            throw .unreadable(file: file, reason: "no such file")
        }
        let result = data.withUnsafeBytes { raw in
            raw.withMemoryRebound(to: UInt8.self) { bytes in
                Result { () throws(TokenizerError) in
                    try TokenizerDocument(parsing: bytes, file: file)
                }
            }
        }
        return try result.get()
    }

    private static func json(_ file: String) throws(TokenizerError) -> JSONValue {
        guard let data = try contents(file) else { return .null }
        do throws(JSONError) {
            return try JSONValue(parsing: data)
        } catch {
            throw .malformed(file: file, error)
        }
    }

    /// The content of a file; nil where there is none.
    private static func contents(_ file: String) throws(TokenizerError) -> Data? {
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        do {
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            let size = (attributes[.size] as? Int) ?? (attributes[.size] as? UInt64).map(Int.init)
            guard (size ?? 0) <= maximumFileSize else {
                throw TokenizerError.unreadable(file: file, reason: "too large")
            }
            return try Data(contentsOf: URL(filePath: file), options: .mappedIfSafe)
        } catch let error as TokenizerError {
            throw error
        } catch {
            throw .unreadable(file: file, reason: "\(error)")
        }
    }
}
