import FoundationEssentials
import MartletJSON
import MartletTokenizer

/// A tokenizer made by `Tools/goldens/tokenizer.py`, with what the reference does with it.
struct Fixture {
    static let names = [
        "gpt2", "llama3", "qwen2", "gpt4o", "deepseek", "sentencepiece", "metaspace",
    ]

    struct Encoding {
        var text: String
        var ids: [Int32]
        var idsWithoutSpecialTokens: [Int32]
        var decoded: String
        var decodedWithoutSpecialTokens: String
    }

    struct Decoding {
        var ids: [Int32]
        var decoded: String
        var decodedWithoutSpecialTokens: String
    }

    let tokenizer: Tokenizer
    let encodings: [Encoding]
    let decodings: [Decoding]

    static func directory(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/\(name)").path
    }

    static func json(_ path: String) throws -> JSONValue {
        try JSONValue(parsing: Data(contentsOf: URL(filePath: directory(path))))
    }

    init(_ name: String) throws {
        tokenizer = try Tokenizer(directory: Self.directory(name))
        let corpus = try Self.json("corpus.json").array ?? []
        let golden = try Self.json("\(name)/golden.json")
        encodings = zip(corpus, golden["encode"]?.array ?? []).compactMap { text, entry in
            guard let text = text.string, let entry = entry.array, entry.count == 4 else {
                return nil
            }
            let ids = Self.ids(entry[0])
            let decoded = entry[2].string ?? text
            return Encoding(
                text: text, ids: ids,
                idsWithoutSpecialTokens: entry[1].isNull ? ids : Self.ids(entry[1]),
                decoded: decoded, decodedWithoutSpecialTokens: entry[3].string ?? decoded)
        }
        decodings = (golden["decode"]?.array ?? []).compactMap { entry in
            guard let entry = entry.array, entry.count == 3, let decoded = entry[1].string
            else { return nil }
            return Decoding(
                ids: Self.ids(entry[0]), decoded: decoded,
                decodedWithoutSpecialTokens: entry[2].string ?? decoded)
        }
    }

    private static func ids(_ value: JSONValue) -> [Int32] {
        (value.array ?? []).compactMap { $0.integer.map(Int32.init) }
    }
}

extension String {
    /// Strings compare by canonical equivalence; tests compare bytes.
    var bytes: [UInt8] { Array(utf8) }
}
