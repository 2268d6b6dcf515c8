import MartletTokenizer
import Testing

/// Everything here is compared with what Hugging Face's `tokenizers` does.
@Suite struct GoldenTests {
    @Test(arguments: Fixture.names)
    func `texts have the ids that the reference gives them`(name: String) throws {
        let fixture = try Fixture(name)
        #expect(fixture.encodings.count > 100)
        for golden in fixture.encodings {
            let tokenizer = fixture.tokenizer
            #expect(
                tokenizer.encode(golden.text, addSpecialTokens: true) == golden.ids,
                "\(golden.text.debugDescription)")
            #expect(
                tokenizer.encode(golden.text, addSpecialTokens: false)
                    == golden.idsWithoutSpecialTokens)
        }
    }

    @Test(arguments: Fixture.names)
    func `a second encoding, from the cache, is the same`(name: String) throws {
        let fixture = try Fixture(name)
        for _ in 0..<2 {
            for golden in fixture.encodings {
                let ids = fixture.tokenizer.encode(golden.text, addSpecialTokens: true)
                #expect(ids == golden.ids)
            }
        }
    }

    @Test(arguments: Fixture.names)
    func `ids decode to the text that the reference gives them`(name: String) throws {
        let fixture = try Fixture(name)
        let all =
            fixture.decodings
            + fixture.encodings.map {
                Fixture.Decoding(
                    ids: $0.ids, decoded: $0.decoded,
                    decodedWithoutSpecialTokens: $0.decodedWithoutSpecialTokens)
            }
        for golden in all {
            let full = fixture.tokenizer.decode(golden.ids, skipSpecialTokens: false)
            #expect(full.bytes == golden.decoded.bytes, "\(golden.ids)")
            let plain = fixture.tokenizer.decode(golden.ids, skipSpecialTokens: true)
            #expect(plain.bytes == golden.decodedWithoutSpecialTokens.bytes, "\(golden.ids)")
        }
    }

    @Test(arguments: Fixture.names)
    func `deltas add up to the decoded text`(name: String) throws {
        let fixture = try Fixture(name)
        for golden in fixture.decodings {
            var detokenizer = Detokenizer(
                tokenizer: fixture.tokenizer, promptTokens: [], skipSpecialTokens: false)
            var text = ""
            for id in golden.ids { text += detokenizer.append(id) }
            text += detokenizer.finish()
            #expect(text.bytes == golden.decoded.bytes, "\(golden.ids)")
        }
    }

    @Test(arguments: Fixture.names)
    func `many threads get the same ids from one tokenizer`(name: String) async throws {
        let fixture = try Fixture(name)
        let tokenizer = fixture.tokenizer
        let texts = fixture.encodings.map(\.text)
        let results = await withTaskGroup(of: [[Int32]].self) { group in
            for _ in 0..<4 {
                group.addTask { texts.map { tokenizer.encode($0, addSpecialTokens: true) } }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for result in results { #expect(result == fixture.encodings.map(\.ids)) }
    }
}
