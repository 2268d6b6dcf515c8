import MartletJSON
package import MartletTokenizer

extension Tokenizer {
    /// A tokenizer of single bytes: the token of a byte is its value, that of `<end>` 256.
    package static func ofBytes() throws -> Tokenizer {
        var vocabulary = JSONWriter()
        for byte in 0..<256 {
            vocabulary.raw(byte == 0 ? "{" : ",")
            vocabulary.string(String(character(of: byte)))
            vocabulary.raw(":\(byte)")
        }
        vocabulary.raw(#","<end>":256}"#)
        let document: JSONValue = [
            "model": [
                "type": "BPE", "vocab": try JSONValue(parsing: vocabulary.bytes), "merges": [],
            ],
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false],
            "decoder": ["type": "ByteLevel"],
            "added_tokens": [["id": 256, "content": "<end>", "special": true]],
        ]
        return try Tokenizer(tokenizerJSON: document, configuration: nil, file: "test")
    }

    /// GPT-2's spelling of a byte as a printable character.
    private static func character(of byte: Int) -> Unicode.Scalar {
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        if printable.contains(byte) { return Unicode.Scalar(UInt8(byte)) }
        let rank = (0..<byte).filter { !printable.contains($0) }.count
        return Unicode.Scalar(UInt32(256 + rank)) ?? "?"
    }
}
