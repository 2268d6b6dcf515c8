import MartletJSON
import MartletServer
import OrderedCollections
import Testing

/// Shapes as in the captures of a vLLM 0.32 server; texts are those of the scripted model, whose
/// first letter after the template's `]` is `a`.
@Suite struct ChatCompletionTests {
    private let path = "/v1/chat/completions"
    private let messages = #""messages": [{"role": "user", "content": "hi"}]"#
    private let chunk =
        #"data: {"id":"ID","object":"chat.completion.chunk","created":0,"#
        + #""model":"tiny","choices":["#

    @Test func `an answer has every member in vLLM's order, nulls included`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path, #"{"model": "tiny", \#(messages), "max_tokens": 3, "temperature": 0}"#)
            #expect(answer.status == 200)
            #expect(
                answer.stable == #"{"id":"ID","object":"chat.completion","created":0,"#
                    + #""model":"tiny","choices":[{"index":0,"message":{"role":"assistant","#
                    + #""content":"abc","refusal":null,"annotations":null,"audio":null,"#
                    + #""function_call":null,"reasoning":null},"logprobs":null,"#
                    + #""finish_reason":"length","stop_reason":null,"token_ids":null,"#
                    + #""routed_experts":null}],"service_tier":null,"system_fingerprint":"FP","#
                    + #""usage":{"prompt_tokens":19,"total_tokens":22,"completion_tokens":3,"#
                    + #""prompt_tokens_details":null,"completion_tokens_details":null},"#
                    + #""prompt_logprobs":null,"prompt_token_ids":null,"prompt_text":null,"#
                    + #""kv_transfer_params":null,"ec_transfer_params":null,"metrics":null}"#)
        }
    }

    @Test func `a stream begins with the role`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path, #"{\#(messages), "max_tokens": 1, "temperature": 0, "stream": true}"#)
            #expect(
                answer.stable == chunk
                    + #"{"index":0,"delta":{"role":"assistant","content":""},"logprobs":null,"#
                    + #""finish_reason":null}],"prompt_token_ids":null,"prompt_text":null}"#
                    + "\n\n" + chunk
                    + #"{"index":0,"delta":{"content":"a"},"logprobs":null,"#
                    + #""finish_reason":"length","stop_reason":null,"token_ids":null}],"#
                    + #""system_fingerprint":"FP"}"# + "\n\ndata: [DONE]\n\n")
        }
    }

    @Test func `logprobs list the chosen token first, with its bytes`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{\#(messages), "max_tokens": 1, "temperature": 0, "logprobs": true, "#
                    + #""top_logprobs": 2}"#)
            let entry = #"{"token":"a","logprob":-1.0,"bytes":[97]"#
            #expect(
                answer.text.contains(
                    #""logprobs":{"content":["# + entry + #","top_logprobs":["# + entry
                        + #"},{"token":"b","logprob":-2.0,"bytes":[98]}]}]}"#))
            let none = try await client.post(
                path, #"{\#(messages), "max_tokens": 1, "temperature": 0, "logprobs": true}"#)
            #expect(none.text.contains(entry + #","top_logprobs":[]}]}"#))
        }
    }

    @Test func `a stream tells usage and logprobs where asked`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{\#(messages), "max_tokens": 1, "temperature": 0, "stream": true, "#
                    + #""logprobs": true, "top_logprobs": 1, "#
                    + #""stream_options": {"include_usage": true}}"#)
            let entry = #""token":"a","logprob":-1.0,"bytes":[97]"#
            #expect(
                answer.stable.hasSuffix(
                    chunk
                        + #"{"index":0,"delta":{"content":"a"},"logprobs":{"content":[{"# + entry
                        + #","top_logprobs":[{"# + entry + #"}]}]},"finish_reason":"length","#
                        + #""stop_reason":null,"token_ids":null}]}"# + "\n\n" + chunk
                        + #"],"usage":{"prompt_tokens":19,"total_tokens":20,"#
                        + #""completion_tokens":1},"system_fingerprint":"FP"}"#
                        + "\n\ndata: [DONE]\n\n"))
        }
    }

    @Test func `parts of a content are joined, and the prompt can be seen`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{"messages": [{"role": "system", "content": [{"type": "text", "text": "be"}, "#
                    + #"{"type": "text", "text": "kind"}]}, {"role": "user", "content": "hi"}], "#
                    + #""max_tokens": 1, "return_prompt_text": true}"#)
            let body = try JSONValue(parsing: answer.text)
            #expect(body["prompt_text"] == "[system]be\nkind[user]hi[assistant]")
        }
    }

    @Test func `the last message can be continued, and sent back`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{"messages": [{"role": "user", "content": "hi"}, {"role": "assistant", "#
                    + #""content": "ab"}], "continue_final_message": true, "#
                    + #""add_generation_prompt": false, "echo": true, "max_tokens": 2, "#
                    + #""temperature": 0}"#)
            let body = try JSONValue(parsing: answer.text)
            #expect(body["choices"]?.array?.first?["message"]?["content"] == "abcd")
        }
    }

    @Test func `tools reach the template when no call is to be parsed`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                path,
                #"{\#(messages), "max_tokens": 1, "return_prompt_text": true, "tool_choice": "none","#
                    + #" "tools": [{"type": "function", "function": {"name": "f"}}]}"#)
            let body = try JSONValue(parsing: answer.text)
            #expect(body["prompt_text"] == "[user]hi<1>[assistant]")
        }
    }

    @Test func `a template in the request needs the server's trust`() async throws {
        let body =
            #"{\#(messages), "max_tokens": 1, "return_prompt_text": true, "#
            + #""chat_template": "{{ messages[0].content }}{{ mood }}", "#
            + #""chat_template_kwargs": {"mood": "!"}}"#
        try await TestApplication().run { client in
            let refused = try await client.post(path, body)
            #expect(refused.status == 400)
            #expect(refused.text.contains("--trust-request-chat-template"))
        }
        var trusting = TestApplication()
        trusting.configuration.trustsRequestChatTemplate = true
        try await trusting.run { client in
            let answer = try await client.post(path, body)
            #expect(try JSONValue(parsing: answer.text)["prompt_text"] == "hi!")
            let broken = try await client.post(
                path, #"{\#(messages), "chat_template": "{% if %}"}"#)
            #expect(broken.status == 400)
            #expect(broken.text.contains(#""param":"chat_template""#))
        }
    }
}
