import MartletTestSupport
import MartletTokenizer
import Testing

@Suite struct DetokenizerTests {
    private func byteTokens(_ text: String, _ tokenizer: Tokenizer) throws -> [Int32] {
        // Every byte as a token of its own: pieces of one character of the byte alphabet.
        let alphabet = Dictionary(
            uniqueKeysWithValues: (0..<Int32(tokenizer.vocabularySize)).compactMap { id in
                let bytes = tokenizer.bytes(of: id)
                let isSingle = tokenizer.piece(of: id)?.unicodeScalars.count == 1
                return bytes.count == 1 && isSingle ? (bytes[0], id) : nil
            })
        return try text.utf8.map { try #require(alphabet[$0]) }
    }

    @Test func `an incomplete character is held back until it is complete`() throws {
        let tokenizer = try Fixture("gpt2").tokenizer
        let ids = try byteTokens("a😀é", tokenizer)
        var detokenizer = Detokenizer(
            tokenizer: tokenizer, promptTokens: [], skipSpecialTokens: true)
        #expect(ids.map { detokenizer.append($0) } == ["a", "", "", "", "😀", "", "é"])
        #expect(detokenizer.finish() == "")
    }

    @Test func `what never becomes a character turns into U+FFFD`() throws {
        let tokenizer = try Fixture("gpt2").tokenizer
        let ids = try byteTokens("😀x", tokenizer)
        var detokenizer = Detokenizer(
            tokenizer: tokenizer, promptTokens: [], skipSpecialTokens: true)
        for id in ids[..<3] { #expect(detokenizer.append(id) == "") }
        #expect(detokenizer.append(ids[4]) == "\u{FFFD}x")
        for id in ids[..<2] { #expect(detokenizer.append(id) == "") }
        #expect(detokenizer.finish() == "\u{FFFD}")
        #expect(detokenizer.finish() == "")
    }

    @Test func `the prompt decides whether a first space is kept`() throws {
        let tokenizer = try Fixture("sentencepiece").tokenizer
        let ids = tokenizer.encode("the fox", addSpecialTokens: false)
        var first = Detokenizer(tokenizer: tokenizer, promptTokens: [], skipSpecialTokens: true)
        #expect(ids.map { first.append($0) }.joined() + first.finish() == "the fox")
        for length in [1, 100] {
            let prompt = Array(
                tokenizer.encode(
                    String(repeating: "dog ", count: length), addSpecialTokens: true))
            var next = Detokenizer(
                tokenizer: tokenizer, promptTokens: prompt, skipSpecialTokens: true)
            #expect(ids.map { next.append($0) }.joined() + next.finish() == " the fox")
        }
    }

    @Test(arguments: ["gpt2", "sentencepiece", "metaspace", "llama3"], [UInt64(11), 12])
    func `random tokens stream as they decode`(name: String, seed: UInt64) throws {
        let tokenizer = try Fixture(name).tokenizer
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let ids = (0..<Int.random(in: 0...20, using: &generator)).map { _ in
                Int32.random(in: -2..<Int32(tokenizer.vocabularySize + 3), using: &generator)
            }
            for skips in [false, true] {
                var detokenizer = Detokenizer(
                    tokenizer: tokenizer, promptTokens: [], skipSpecialTokens: skips)
                let text = ids.map { detokenizer.append($0) }.joined() + detokenizer.finish()
                let whole = tokenizer.decode(ids, skipSpecialTokens: skips)
                #expect(text.bytes == whole.bytes, "seed \(seed): \(ids)")
            }
        }
    }
}
