import MartletJSON
import MartletTestSupport
import MartletTokenizer
import Testing

@Suite struct TokenizerTests {
    private func tokenizer(_ text: String, configuration: String? = nil) throws -> Tokenizer {
        try Tokenizer(
            tokenizerJSON: JSONValue(parsing: text),
            configuration: configuration.map { try JSONValue(parsing: $0) },
            file: "tokenizer.json")
    }

    @Test func `pieces, texts and bytes of single tokens`() throws {
        let tokenizer = try Fixture("llama3").tokenizer
        let id = try #require(tokenizer.id(of: "Ġthe"))
        #expect(tokenizer.piece(of: id) == "Ġthe")
        #expect(tokenizer.text(of: id) == " the")
        #expect(tokenizer.bytes(of: id) == Array(" the".utf8))
        #expect(!tokenizer.isSpecial(id))
        let special = try #require(tokenizer.id(of: "<s>"))
        #expect(tokenizer.isSpecial(special))
        #expect(tokenizer.text(of: special) == "<s>")
        #expect(tokenizer.beginningOfSequence?.id == special)
        #expect(tokenizer.endOfSequence?.text == "</s>")
        let half = try #require(tokenizer.id(of: "ð"))
        #expect(tokenizer.bytes(of: half) == [0xF0])
        #expect(tokenizer.text(of: half) == "\u{FFFD}")
        let fallback = try Fixture("sentencepiece").tokenizer
        #expect(fallback.bytes(of: try #require(fallback.id(of: "<0xE4>"))) == [0xE4])
        #expect(fallback.bytes(of: try #require(fallback.id(of: "▁"))) == Array(" ".utf8))
    }

    @Test func `ids that no token has are passed over`() throws {
        let tokenizer = try Fixture("gpt2").tokenizer
        let size = Int32(tokenizer.vocabularySize)
        #expect(tokenizer.id(of: "<|endoftext|>") == size - 1)
        for id in [-1, size, .max, .min] {
            #expect(tokenizer.piece(of: id) == nil)
            #expect(tokenizer.text(of: id) == "")
            #expect(tokenizer.bytes(of: id).isEmpty)
            #expect(!tokenizer.isSpecial(id))
        }
    }

    @Test func `the same file from memory and from disk gives the same tokenizer`() throws {
        for name in Fixture.names {
            let fixture = try Fixture(name)
            let inMemory = try Tokenizer(
                tokenizerJSON: Fixture.json("\(name)/tokenizer.json"), configuration: nil,
                file: "tokenizer.json")
            for golden in fixture.encodings {
                #expect(inMemory.encode(golden.text, addSpecialTokens: true) == golden.ids)
            }
        }
    }

    @Test func `canonically equivalent pieces are different pieces on disk`() throws {
        let directory = try TemporaryDirectory()
        let text = """
            {"model": {"type": "BPE", "merges": [["e", "\u{301}"]], "vocab":
            {"e": 0, "\u{301}": 1, "\u{E9}": 2, "e\u{301}": 3, "\u{212B}": 4, "\u{C5}": 5}}}
            """
        try directory.write(text, "tokenizer.json")
        try directory.write("{{ jinja }}", "chat_template.jinja")
        try directory.write(
            #"{"chat_template": "other", "eos_token": "e"}"#, "tokenizer_config.json")
        try directory.write(
            #"{"eos_token": "x", "pad_token": {"content": "p"}}"#, "special_tokens_map.json")
        let tokenizer = try Tokenizer(directory: directory.path)
        let ids = tokenizer.encode("\u{E9}e\u{301}\u{212B}\u{C5}", addSpecialTokens: false)
        #expect(ids == [2, 3, 4, 5])
        #expect(tokenizer.id(of: "\u{212B}") == 4)
        #expect(tokenizer.chatTemplate == "{{ jinja }}")
        #expect(tokenizer.specialTokens == ["eos_token": "e", "pad_token": "p"])
        #expect(tokenizer.endOfSequence?.id == 0)
    }

    @Test func `the default template of a list is taken`() throws {
        let model = #"{"model": {"vocab": {"a": 0}, "merges": []}}"#
        let list = """
            {"chat_template": [{"name": "rag", "template": "R"},
            {"name": "default", "template": "D"}], "add_bos_token": true, "bos_token": null}
            """
        let tokenizer = try tokenizer(model, configuration: list)
        #expect(tokenizer.chatTemplate == "D")
        #expect(tokenizer.specialTokens.isEmpty)
        #expect(tokenizer.beginningOfSequence == nil)
    }

    @Test func `of pieces with one id the first is what the id stands for`() throws {
        let tokenizer = try tokenizer(
            #"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0, "c": 7}, "merges": []}}"#)
        #expect(tokenizer.encode("abc", addSpecialTokens: false) == [0, 0, 7])
        #expect(tokenizer.piece(of: 0) == "a")
        #expect(tokenizer.piece(of: 3) == nil)
        #expect(tokenizer.vocabularySize == 8)
        #expect(tokenizer.decode([0, 3, 7], skipSpecialTokens: true) == "a c")
    }

    @Test func `tokens that only the configuration has are added after the vocabulary`() throws {
        let tokenizer = try tokenizer(
            #"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}}"#,
            configuration: """
                {"added_tokens_decoder": {"2": {"content": "<x>", "special": true}},
                "eos_token": "<x>"}
                """)
        #expect(tokenizer.encode("a<x>b", addSpecialTokens: false) == [0, 2, 1])
        #expect(tokenizer.isSpecial(2))
        #expect(tokenizer.endOfSequence?.id == 2)
    }

    /// Merging is checked against the definition: repeat the best merge until none is left.
    @Test(arguments: [UInt64(21), 22, 23])
    func `long and short words merge as the definition says`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var pieces = ["a", "b", "c"]
        var merges: [(String, String)] = []
        while merges.count < 40 {
            let pair = (
                pieces.randomElement(using: &generator) ?? "a",
                pieces.randomElement(using: &generator) ?? "b"
            )
            guard pair.0.count + pair.1.count <= 8, !pieces.contains(pair.0 + pair.1) else {
                continue
            }
            merges.append(pair)
            pieces.append(pair.0 + pair.1)
        }
        let vocabulary = pieces.enumerated().map { "\"\($1)\": \($0)" }.joined(separator: ",")
        let list = merges.map { "[\"\($0.0)\", \"\($0.1)\"]" }.joined(separator: ",")
        let tokenizer = try tokenizer(
            #"{"model": {"type": "BPE", "vocab": {\#(vocabulary)}, "merges": [\#(list)]}}"#)
        for length in [1, 2, 5, 20, 39, 40, 41, 42, 100, 400] {
            let text = (0..<length).map { _ in
                ["a", "b", "c"].randomElement(using: &generator) ?? "a"
            }
            let expected = merged(text, merges).compactMap { tokenizer.id(of: $0) }
            #expect(
                tokenizer.encode(text.joined(), addSpecialTokens: false) == expected,
                "seed \(seed), length \(length)")
        }
    }

    private func merged(_ text: [String], _ merges: [(String, String)]) -> [String] {
        var symbols = text
        while true {
            let best = merges.first { merge in
                zip(symbols, symbols.dropFirst()).contains { $0 == merge.0 && $1 == merge.1 }
            }
            guard let best,
                let index = symbols.indices.dropLast().first(where: {
                    symbols[$0] == best.0 && symbols[$0 + 1] == best.1
                })
            else { return symbols }
            symbols.replaceSubrange(index...(index + 1), with: [best.0 + best.1])
        }
    }

    /// With anything quadratic this would take hours.
    @Test(arguments: ["gpt2", "llama3", "qwen2", "sentencepiece"])
    func `a megabyte without a break is no trouble`(name: String) throws {
        let tokenizer = try Fixture(name).tokenizer
        for unit in ["a", "ab", "文", "\u{301}", " ", "'", "<|im_start|"] {
            let text = String(repeating: unit, count: 1_000_000 / unit.utf8.count)
            let ids = tokenizer.encode(text, addSpecialTokens: false)
            let decoded = tokenizer.decode(ids, skipSpecialTokens: false)
            #expect(decoded.bytes == text.bytes, "\(unit)")
        }
    }

    @Test func `a hostile pattern splits what it can and loses no text`() throws {
        let gpt2 = try Fixture.json("gpt2/tokenizer.json")
        let members = (gpt2.members ?? []).map { name, value -> (name: String, value: JSONValue) in
            guard name == "pre_tokenizer" else { return (name, value) }
            return (
                name,
                [
                    "type": "Sequence",
                    "pretokenizers": [
                        [
                            "type": "Split", "pattern": ["Regex": "(?:a+)+b|x"],
                            "behavior": "Isolated", "invert": false,
                        ],
                        ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false],
                    ],
                ]
            )
        }
        let tokenizer = try Tokenizer(
            tokenizerJSON: JSONValue(members: members), configuration: nil, file: "t.json")
        let text = "x" + String(repeating: "a", count: 30_000)
        let ids = tokenizer.encode(text, addSpecialTokens: false)
        #expect(tokenizer.decode(ids, skipSpecialTokens: false) == text)
    }
}
