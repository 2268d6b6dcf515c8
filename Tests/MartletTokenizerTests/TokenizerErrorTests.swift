import MartletJSON
import MartletTestSupport
import MartletTokenizer
import Testing

@Suite struct TokenizerErrorTests {
    private func error(_ text: String, configuration: JSONValue? = nil) throws -> TokenizerError? {
        let value = try JSONValue(parsing: text)
        do throws(TokenizerError) {
            _ = try Tokenizer(
                tokenizerJSON: value, configuration: configuration, file: "tokenizer.json")
            return nil
        } catch {
            return error
        }
    }

    private func document(_ member: String) -> String {
        #"{"model": {"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": []}, \#(member)}"#
    }

    @Test(arguments: [
        (#"{"model": {"type": "Unigram", "vocab": [["a", 0]]}}"#, "model.type", "'Unigram'"),
        (#"{"model": {"type": "WordPiece", "vocab": {}}}"#, "model.type", "'WordPiece'"),
        (#"{"model": {"type": "WordLevel", "vocab": {}}}"#, "model.type", "'WordLevel'"),
    ])
    func `models of other kinds are named`(text: String, field: String, kind: String) throws {
        #expect(
            try error(text) == .unsupported(file: "tokenizer.json", field: field, kind: kind))
    }

    @Test(arguments: [
        (#""normalizer": {"type": "Precompiled"}"#, "normalizer.type"),
        (#""pre_tokenizer": {"type": "UnicodeScripts"}"#, "pre_tokenizer.type"),
        (
            #""pre_tokenizer": {"type": "Sequence", "pretokenizers": [{"type": "X"}]}"#,
            "pre_tokenizer.pretokenizers[0].type"
        ),
        (#""decoder": {"type": "CTC"}"#, "decoder.type"),
        (#""post_processor": {"type": "X"}"#, "post_processor.type"),
        (
            #""pre_tokenizer": {"type": "Split", "pattern": {"String": "a"}, "behavior": "X"}"#,
            "pre_tokenizer.behavior"
        ),
    ])
    func `parts of other kinds are named`(member: String, field: String) throws {
        guard case .unsupported("tokenizer.json", field, _) = try error(document(member)) else {
            Issue.record("no error for \(member)")
            return
        }
    }

    @Test(arguments: [
        (#"[]"#, "document"), (#"{}"#, "model"), (#"{"model": 3}"#, "model"),
        (#"{"model": {"type": "BPE"}}"#, "model.vocab"),
        (#"{"model": {"type": "BPE", "vocab": []}}"#, "model.vocab"),
        (#"{"model": {"type": "BPE", "vocab": {"a": "0"}, "merges": []}}"#, "model.vocab"),
        (#"{"model": {"type": "BPE", "vocab": {"a": -1}, "merges": []}}"#, "model.vocab"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 4294967296}, "merges": []}}"#, "model.vocab"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 0.5}, "merges": []}}"#, "model.vocab"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 0}}}"#, "model.merges"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": {}}}"#, "model.merges"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a"]}}"#, "model.merges[0]"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": [["a"]]}}"#, "model.merges[0]"),
        (#"{"model": {"type": "BPE", "vocab": {"a": 0}, "merges": ["a a"]}}"#, "model.merges"),
        (#"{"model": {"vocab": {"a": 0}, "merges": [], "fuse_unk": 1}}"#, "model.fuse_unk"),
        (#"{"model": {"vocab": {"a": 0}, "merges": [], "unk_token": 1}}"#, "model.unk_token"),
    ])
    func `mistyped models are refused with the field`(text: String, field: String) throws {
        guard case .invalid("tokenizer.json", field, _) = try error(text) else {
            Issue.record("\(String(describing: try error(text))) for \(text)")
            return
        }
    }

    @Test(arguments: [
        (#""added_tokens": {}"#, "added_tokens"),
        (#""added_tokens": [{"id": 0}]"#, "added_tokens[0].content"),
        (#""added_tokens": [{"id": "0", "content": "a"}]"#, "added_tokens[0].id"),
        (#""added_tokens": [{"id": 9, "content": "a", "lstrip": 1}]"#, "added_tokens[0].lstrip"),
        (#""normalizer": "NFC""#, "normalizer"),
        (#""normalizer": {"type": "Sequence"}"#, "normalizer.normalizers"),
        (#""normalizer": {"type": "Replace", "content": "x"}"#, "normalizer.pattern"),
        (#""decoder": {"type": "Strip", "content": "ab"}"#, "decoder.content"),
        (
            #""decoder": {"type": "Strip", "content": "a", "start": -1, "stop": 0}"#,
            "decoder.start"
        ),
        (
            #""post_processor": {"type": "TemplateProcessing", "single": [{}], "#
                + #""special_tokens": {}}"#,
            "post_processor.single[0]"
        ),
        (
            #""post_processor": {"type": "TemplateProcessing", "special_tokens": {}, "#
                + #""single": [{"SpecialToken": {"id": "<s>"}}]}"#,
            "post_processor.special_tokens"
        ),
    ])
    func `mistyped parts are refused with the field`(member: String, field: String) throws {
        let found = try error(document(member))
        guard case .invalid("tokenizer.json", field, _) = found else {
            Issue.record("\(String(describing: found)) for \(member)")
            return
        }
    }

    @Test func `a pattern that cannot be used is named with its field`() throws {
        let found = try error(
            document(
                #""pre_tokenizer": {"type": "Split", "behavior": "Isolated", "#
                    + #""pattern": {"Regex": "("}}"#
            ))
        guard case .pattern("tokenizer.json", "pre_tokenizer.pattern", _) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
    }

    @Test func `sequences nested without end are refused`() throws {
        var normalizer = #"{"type": "NFC"}"#
        for _ in 0..<60 { normalizer = #"{"type": "Sequence", "normalizers": [\#(normalizer)]}"# }
        guard case .invalid = try error(document(#""normalizer": \#(normalizer)"#)) else {
            Issue.record("no error")
            return
        }
    }

    @Test func `an added token of great length is refused`() throws {
        let content = String(repeating: "a", count: 10_000)
        let found = try error(document(#""added_tokens": [{"id": 2, "content": "\#(content)"}]"#))
        guard case .invalid(_, "added_tokens[0].content", _) = found else {
            Issue.record("\(String(describing: found))")
            return
        }
    }

    @Test(arguments: [
        "", "{", #"{"model": {"type": "BPE", "vocab": {"a": 0,"#,
        #"{"model": {"vocab": {"a": 99999999}, "merges": []}}"#,
        #"{"model": {"vocab": {"a": 0}, "merges": [["a", 1]]}}"#,
        #"{"model": {"vocab": {"a": 0}, "merges": [["a"]]}}"#,
        #"{"model": {"vocab": {"a": 0}, "merges": []}} x"#,
    ])
    func `files on disk fail with the name of the file`(text: String) throws {
        let directory = try TemporaryDirectory()
        try directory.write(text, "tokenizer.json")
        do throws(TokenizerError) {
            _ = try Tokenizer(directory: directory.path)
            Issue.record("no error")
        } catch {
            guard case .malformed(let name, _) = error else {
                Issue.record("\(error)")
                return
            }
            #expect(name.hasSuffix("/tokenizer.json"))
        }
    }

    @Test func `a missing file is named`() {
        #expect(
            throws: TokenizerError.unreadable(
                file: "/nonexistent/tokenizer.json", reason: "no such file")
        ) { try Tokenizer(directory: "/nonexistent") }
    }
}
