import MartletJSON
import OrderedCollections
import Testing

@Suite struct DemoGenerateTests {
    @Test func `the answer is the prompt and its continuation`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                "/generate", #"{"prompt": "Hello, how are you?", "max_tokens": 5}"#)
            #expect(answer.text == #"{"text":["Hello, how are you?abcde"]}"#)
            let two = try await client.post(
                "/generate", #"{"prompt": "a", "max_tokens": 2, "n": 2, "temperature": 1.0}"#)
            #expect(two.text == #"{"text":["abc","abc"]}"#)
        }
    }

    @Test func `a stream tells all of the text in every line`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                "/generate", #"{"prompt": "a", "max_tokens": 6, "stream": true}"#)
            let lines = answer.text.split(separator: "\n")
            #expect(lines.last == #"{"text":["abcdefg"]}"#)
            var longest = 0
            for line in lines {
                let text = try JSONValue(parsing: String(line))["text"]?.array?.first?.string ?? ""
                #expect("abcdefg".hasPrefix(text))
                #expect(text.count > longest)
                longest = text.count
            }
        }
    }

    @Test func `tokens in, tokens out`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                "/generate", #"{"prompt_token_ids": [97, 98], "max_tokens": 2}"#)
            #expect(answer.text == #"{"text":["abcd"],"token_ids":[[99,100]]}"#)
        }
    }

    @Test func `unknown members are errors`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                "/generate", #"{"prompt": "a", "max_tokens": 2, "foo": 1}"#)
            #expect(answer.status == 400)
            #expect(answer.text.contains("extra_forbidden"))
            #expect(answer.text.contains(#""param":"body.foo""#))
            #expect(try await client.post("/generate", "{}").status == 400)
        }
    }
}
