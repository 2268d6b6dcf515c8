import HTTPTypes
import MartletJSON
import MartletServer
import OrderedCollections
import Testing

/// Shapes as in the captures of a vLLM 0.32 server; texts are those of the scripted model.
@Suite struct CompletionTests {
    private let path = "/v1/completions"

    @Test func `an answer has every member in vLLM's order, nulls included`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path, #"{"model": "tiny", "prompt": "ab", "max_tokens": 3, "temperature": 0}"#)
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.headers[.vary] == "Origin")
            #expect(
                answer.stable == #"{"id":"ID","object":"text_completion","created":0,"#
                    + #""model":"tiny","choices":[{"index":0,"text":"cde","logprobs":null,"#
                    + #""finish_reason":"length","stop_reason":null,"token_ids":null,"#
                    + #""prompt_logprobs":null,"prompt_token_ids":null,"routed_experts":null}],"#
                    + #""service_tier":null,"system_fingerprint":"FP","usage":{"prompt_tokens":2,"#
                    + #""total_tokens":5,"completion_tokens":3,"prompt_tokens_details":null,"#
                    + #""completion_tokens_details":null},"kv_transfer_params":null,"#
                    + #""ec_transfer_params":null,"metrics":null}"#)
        }
    }

    @Test func `a stream is one chunk to an event, and ends with DONE`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path, #"{"prompt": "ab", "max_tokens": 1, "temperature": 0, "stream": true}"#)
            #expect(answer.headers[.contentType] == "text/event-stream; charset=utf-8")
            #expect(
                answer.stable == #"data: {"id":"ID","object":"text_completion","created":0,"#
                    + #""model":"tiny","choices":[{"index":0,"text":"c","logprobs":null,"#
                    + #""finish_reason":"length","stop_reason":null,"prompt_token_ids":null,"#
                    + #""token_ids":null}],"system_fingerprint":"FP"}"# + "\n\ndata: [DONE]\n\n")
        }
    }

    @Test func `usage comes in a chunk of its own, which then has the fingerprint`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{"prompt": "ab", "max_tokens": 1, "temperature": 0, "stream": true, "#
                    + #""stream_options": {"include_usage": true, "continuous_usage_stats": true}}"#
            )
            let usage = #""usage":{"prompt_tokens":2,"total_tokens":3,"completion_tokens":1}"#
            #expect(
                answer.stable == #"data: {"id":"ID","object":"text_completion","created":0,"#
                    + #""model":"tiny","choices":[{"index":0,"text":"c","logprobs":null,"#
                    + #""finish_reason":"length","stop_reason":null,"prompt_token_ids":null,"#
                    + #""token_ids":null}],"# + usage + "}\n\n"
                    + #"data: {"id":"ID","object":"text_completion","created":0,"#
                    + #""model":"tiny","choices":[],"# + usage
                    + #","system_fingerprint":"FP"}"# + "\n\ndata: [DONE]\n\n")
        }
    }

    @Test func `an echo with logprobs begins with the prompt's, whose first is null`() async throws
    {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{"prompt": "ab", "max_tokens": 1, "temperature": 0, "logprobs": 2, "#
                    + #""echo": true}"#)
            #expect(
                answer.text.contains(
                    #""text":"abc","logprobs":{"text_offset":[0,1,2],"#
                        + #""token_logprobs":[null,-1.0,-1.0],"tokens":["a","b","c"],"#
                        + #""top_logprobs":[null,{"b":-1.0,"c":-2.0},{"c":-1.0,"d":-2.0}]}"#))
            #expect(
                answer.text.contains(
                    #""prompt_logprobs":[null,{"98":{"logprob":-1.0,"rank":1,"#
                        + #""decoded_token":"b"},"99":{"logprob":-2.0,"rank":2,"#
                        + #""decoded_token":"c"}}]"#))
        }
    }

    @Test func `an echo may ask for no output at all`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{"prompt": "ab", "max_tokens": 0, "temperature": 0, "logprobs": 0, "#
                    + #""echo": true}"#)
            #expect(answer.status == 200)
            #expect(
                answer.text.contains(
                    #""text":"ab","logprobs":{"text_offset":[0,1],"token_logprobs":[null,-1.0],"#
                        + #""tokens":["a","b"],"top_logprobs":[null,{"b":-1.0}]},"#
                        + #""finish_reason":"length""#))
            #expect(answer.text.contains(#""completion_tokens":0"#))
        }
    }

    @Test func `token ids go in and come out`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{"prompt": [97, 98], "max_tokens": 2, "temperature": 0, "#
                    + #""return_token_ids": true, "logprobs": 0, "#
                    + #""return_tokens_as_token_ids": true}"#)
            #expect(answer.text.contains(#""token_ids":[99,100]"#))
            #expect(answer.text.contains(#""prompt_token_ids":[97,98]"#))
            #expect(answer.text.contains(#""tokens":["token_id:99","token_id:100"]"#))
        }
    }

    @Test func `choices are numbered by prompt, then by completion`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path, #"{"prompt": ["a", [107]], "max_tokens": 2, "n": 2, "seed": 1}"#)
            let body = try JSONValue(parsing: answer.text)
            let choices = body["choices"]?.array ?? []
            #expect(choices.map { $0["index"]?.integer } == [0, 1, 2, 3])
            #expect(choices.map { $0["text"]?.string } == ["bc", "bc", "lm", "lm"])
            #expect(body["usage"]?["prompt_tokens"] == 2)
            #expect(body["usage"]?["completion_tokens"] == 8)
        }
    }

    @Test func `a stream of many prompts carries each one's text`() async throws {
        try await TestApplication().run { client in
            let prompts = (0..<24).map { #""\#(UnicodeScalar(UInt8(97 + $0)))""# }
            let answer = try await client.post(
                path,
                #"{"prompt": [\#(prompts.joined(separator: ","))], "max_tokens": 9, "#
                    + #""temperature": 0, "stream": true, "stream_options": "#
                    + #"{"include_usage": true}}"#)
            var texts = Array(repeating: "", count: 24)
            let chunks = try Events.parse(answer.text)
            for choice in chunks.flatMap({ $0["choices"]?.array ?? [] }) {
                texts[choice["index"]?.integer ?? 0] += choice["text"]?.string ?? ""
            }
            for (index, text) in texts.enumerated() {
                #expect(text == Events.alphabet(after: index, count: 9))
            }
            #expect(chunks.last?["usage"]?["completion_tokens"] == 216)
        }
    }

    @Test func `a stop string is the stop reason`() async throws {
        try await TestApplication().run { client in
            let text = try await client.post(
                path, #"{"prompt": "a", "max_tokens": 9, "temperature": 0, "stop": ["de"]}"#)
            #expect(
                text.text.contains(
                    #""text":"bc","logprobs":null,"finish_reason":"stop","stop_reason":"de""#))
            let token = try await client.post(
                path,
                #"{"prompt": "a", "max_tokens": 9, "temperature": 0, "stop_token_ids": [100]}"#)
            #expect(
                token.text.contains(
                    #""text":"bc","logprobs":null,"finish_reason":"stop","stop_reason":100"#))
        }
    }

    @Test func `the request's id is the response's`() async throws {
        try await TestApplication().run { client in
            let header = try await client.post(
                path, #"{"prompt": "a", "max_tokens": 1, "request_id": "body"}"#,
                headers: [.requestID: "abc123"])
            #expect(header.text.hasPrefix(#"{"id":"cmpl-abc123","#))
            let body = try await client.post(
                path, #"{"prompt": "a", "max_tokens": 1, "request_id": "body"}"#)
            #expect(body.text.hasPrefix(#"{"id":"cmpl-body","#))
            let random = try await client.post(path, #"{"prompt": "a", "max_tokens": 1}"#)
            #expect(random.text.prefixMatch(of: /\{"id":"cmpl-[0-9a-f]{16}",/) != nil)
        }
    }

    @Test func `a prompt is cut to the tokens that the request wants to keep`() async throws {
        try await TestApplication().run { client in
            let left = try await client.post(
                path,
                #"{"prompt": "abcm", "max_tokens": 1, "temperature": 0, "echo": false, "#
                    + #""truncate_prompt_tokens": 2, "return_token_ids": true}"#)
            #expect(left.text.contains(#""prompt_token_ids":[99,109]"#))
            let right = try await client.post(
                path,
                #"{"prompt": "abcm", "max_tokens": 1, "temperature": 0, "#
                    + #""truncate_prompt_tokens": 2, "truncation_side": "right"}"#)
            #expect(right.text.contains(#""text":"c""#))
        }
    }
}
