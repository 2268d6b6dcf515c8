import MartletServer
import Testing

/// The error bodies that a vLLM 0.32 server was seen to send for these requests.
@Suite struct RequestErrorTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let path: String
        let body: String
        let status: Int
        let text: String
        var testDescription: String { body }
    }

    private static let chat = "/v1/chat/completions"
    private static let completions = "/v1/completions"

    /// A chat request with further members.
    private static func message(_ members: String) -> String {
        #"{"model": "tiny", "messages": [{"role": "user", "content": "hello"}]\#(members)}"#
    }

    private static func prompt(_ members: String) -> String {
        #"{"model": "tiny", "prompt": "def"\#(members)}"#
    }

    private static func error(
        _ message: String, _ type: String, _ param: String?, _ code: Int = 400
    ) -> String {
        let param = param.map { "\"\($0)\"" } ?? "null"
        return #"{"error":{"message":"\#(message)","type":"\#(type)","param":\#(param),"#
            + #""code":\#(code)}}"#
    }

    private static func bad(_ message: String, _ param: String?) -> String {
        error(message, "BadRequestError", param)
    }

    private static func invalid(_ issues: [String], _ param: String) -> String {
        let noun = issues.count == 1 ? "error" : "errors"
        let lines = issues.map { #"\n  {\#($0)}"# }.joined()
        return error("\(issues.count) validation \(noun):\(lines)", "Bad Request", param)
    }

    static let schema: [Case] = [
        Case(
            path: chat, body: #"{"model": "tiny"}"#, status: 400,
            text: invalid(
                [
                    "'type': 'missing', 'loc': 'body.messages', 'msg': 'Field required', "
                        + "'input': '<dict of 1 items>'"
                ], "body.messages")),
        Case(
            path: chat, body: #"{"model": "tiny","#, status: 400,
            text: invalid(
                [
                    "'type': 'json_invalid', 'loc': 'body.17', 'msg': 'JSON decode error', "
                        + "'input': '<dict of 0 items>', 'ctx': {'error': "
                        + "'Expecting property name enclosed in double quotes'}"
                ], "body.17")),
        Case(
            path: chat, body: "[]", status: 400,
            text: invalid(
                [
                    "'type': 'model_attributes_type', 'loc': 'body', 'msg': 'Input should be a "
                        + "valid dictionary or object to extract fields from', "
                        + "'input': '<list of 0 items>'"
                ], "body")),
        Case(
            path: chat, body: message(#", "temperature": "hot""#), status: 400,
            text: invalid(
                [
                    "'type': 'float_parsing', 'loc': 'body.temperature', 'msg': 'Input should be "
                        + "a valid number, unable to parse string as a number', 'input': 'hot'"
                ], "body.temperature")),
        Case(
            path: chat, body: message(#", "stop": ["a", "b", "c", "d", "e"]"#), status: 400,
            text: invalid(
                [
                    "'type': 'string_type', 'loc': 'body.stop', 'msg': 'Input should be a valid "
                        + "string', 'input': '<list of 5 items>'",
                    "'type': 'too_long', 'loc': 'body.stop', 'msg': 'List should have at most 4 "
                        + "items after validation, not 5', 'input': '<list of 5 items>', 'ctx': "
                        + "{'field_type': 'List', 'max_length': 4, 'actual_length': 5}",
                ], "body.stop")),
    ]

    static let semantics: [Case] = [
        Case(
            path: chat, body: #"{"model": "nope", "messages": [{"role": "user", "content": "x"}]}"#,
            status: 404,
            text: error(
                "The model `nope` does not exist. Valid aliases: tiny.", "NotFoundError", "model",
                404)),
        Case(
            path: chat, body: message(#", "temperature": 3"#), status: 400,
            text: bad(
                "temperature must be in [0, 2], got 3.0. (parameter=temperature, value=3.0)",
                "temperature")),
        Case(
            path: chat, body: message(#", "top_p": 0"#), status: 400,
            text: bad("top_p must be in (0, 1], got 0.0. (parameter=top_p, value=0.0)", "top_p")),
        Case(
            path: chat, body: message(#", "max_tokens": 0"#), status: 400,
            text: bad(
                "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)",
                "max_tokens")),
        Case(
            path: chat, body: message(#", "n": 2, "temperature": 0"#), status: 400,
            text: bad("n must be 1 when using greedy sampling, got 2.", nil)),
        Case(
            path: chat, body: message(#", "top_logprobs": 3"#), status: 400,
            text: bad(
                "when using `top_logprobs`, `logprobs` must be set to true. "
                    + "(parameter=top_logprobs)", "top_logprobs")),
        Case(
            path: chat, body: message(#", "logprobs": true, "top_logprobs": 30"#), status: 400,
            text: bad(
                "Requested sample logprobs of 30, which is greater than max allowed: 20 "
                    + "(parameter=logprobs, value=30)", "logprobs")),
        Case(
            path: chat, body: message(#", "stream_options": {"include_usage": true}"#),
            status: 400,
            text: bad(
                "Stream options can only be defined when `stream=True`. "
                    + "(parameter=stream_options)", "stream_options")),
        Case(
            path: chat,
            body: message(#", "tools": [{"type": "function", "function": {"name": "f"}}]"#),
            status: 400,
            text: bad(
                #"\"auto\" tool choice requires --enable-auto-tool-choice and "#
                    + "--tool-call-parser to be set", nil)),
        Case(
            path: chat,
            body: message(
                #", "tools": [{"type": "function", "function": {"name": "f"}}], "#
                    + #""tool_choice": "sometimes""#), status: 400,
            text: bad(
                #"Invalid value for `tool_choice`: sometimes! Only named tools, \"none\", "#
                    + #"\"auto\" or \"required\" are supported. (parameter=tool_choice)"#,
                "tool_choice")),
        Case(
            path: chat, body: message(#", "tools": []"#), status: 400,
            text: bad(
                "`tools` must not be an empty array. Either provide at least one tool or omit "
                    + "the field entirely. (parameter=tools)", "tools")),
        Case(
            path: chat, body: message(#", "tool_choice": "auto""#), status: 400,
            text: bad(
                "When using `tool_choice`, `tools` must be set. (parameter=tool_choice)",
                "tool_choice")),
        Case(
            path: completions, body: #"{"model": "tiny", "prompt": ""}"#, status: 400,
            text: bad(
                "Either prompt or prompt_embeds must be provided and non-empty. "
                    + "(parameter=prompt)", "prompt")),
        Case(
            path: completions, body: prompt(#", "max_tokens": 100000"#), status: 400,
            text: bad(
                "max_tokens=100000 cannot be greater than max_model_len=256. Please request fewer "
                    + "output tokens. (parameter=max_tokens, value=100000)", "max_tokens")),
        Case(
            path: completions, body: prompt(#", "logit_bias": {"99999": 1}"#), status: 400,
            text: bad(
                "token_id(s) [99999] in logit_bias contain out-of-vocab token ids. Vocabulary "
                    + "size: 257 (parameter=logit_bias, value=[99999])", "logit_bias")),
        Case(
            path: completions, body: #"{"prompt": [1, 2, 99999], "max_tokens": 1}"#, status: 400,
            text: bad("Token id 99999 is out of vocabulary", nil)),
        Case(
            path: completions,
            body: #"{"prompt": "\#(String(repeating: "x", count: 257))", "max_tokens": 1}"#,
            status: 400,
            text: bad(
                "This model's maximum context length is 256 tokens. However, your prompt contains "
                    + "at least 257 input tokens, which exceeds this limit even without any "
                    + "output tokens. Please reduce the length of the input prompt. "
                    + "(parameter=input_tokens, value=257)", "input_tokens")),
    ]

    @Test(arguments: schema + semantics)
    func `an error is told in vLLM's words`(_ item: Case) async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(item.path, item.body)
            #expect(answer.status == item.status)
            #expect(answer.text == item.text)
        }
    }

    @Test(arguments: [
        (#"{"prompt": "a", "max_tokens": -3}"#, "max_tokens"),
        (#"{"prompt": "a", "temperature": -1}"#, "temperature"),
        (#"{"prompt": "a", "temperature": 1e400}"#, "body.31"),
        (#"{"prompt": "a", "temperature": NaN}"#, "body.31"),
        (#"{"prompt": "a", "temperature": "nan"}"#, "temperature"),
        (#"{"prompt": "a", "top_k": -2}"#, "top_k"),
        (#"{"prompt": "a", "min_p": 1.5}"#, "min_p"),
        (#"{"prompt": "a", "n": 0}"#, "n"),
        (#"{"prompt": "a", "n": 1.5}"#, "body.n"),
        (#"{"prompt": "a", "seed": "x"}"#, "body.seed"),
        (#"{"prompt": {"a": 1}}"#, "body.prompt"),
        (#"{"prompt": [[]]}"#, "prompt"),
        (#"{"prompt": "a", "stream": "perhaps"}"#, "body.stream"),
        (#"{"prompt": "a", "response_format": {"type": "json_object"}}"#, "response_format"),
        (#"{"prompt": "a", "cache_salt": ""}"#, "cache_salt"),
        (#"{"prompt": "a", "repetition_penalty": 0}"#, "repetition_penalty"),
        (#"{"prompt": "a", "logprobs": -2}"#, "logprobs"),
        (#"{"prompt": "a", "max_tokens": 99999999999999999999}"#, "body.max_tokens"),
    ])
    func `a bad value is refused by name`(_ body: String, _ param: String) async throws {
        try await TestApplication().run { client in
            let answer = try await client.post("/v1/completions", body)
            #expect(answer.status == (param == "response_format" ? 501 : 400))
            #expect(answer.text.contains(#""param":"\#(param)""#), "\(answer.text)")
            let next = try await client.post(
                "/v1/completions", #"{"prompt": "a", "max_tokens": 1}"#)
            #expect(next.status == 200)
        }
    }

    @Test func `unknown fields are ignored`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post(
                "/v1/completions",
                #"{"prompt": "a", "max_tokens": 1, "foo": "bar", "best_of": 3, "priority": 5}"#)
            #expect(answer.status == 200)
        }
    }

    @Test func `nesting without end is refused, not followed`() async throws {
        try await TestApplication().run { client in
            let deep = String(repeating: "[", count: 100_000)
            let answer = try await client.post("/v1/completions", #"{"prompt": \#(deep)"#)
            #expect(answer.status == 400)
            #expect(answer.text.contains("json_invalid"))
        }
    }

    @Test func `a failed step is an error of the server, inside the stream once it began`()
        async throws
    {
        let application = TestApplication()
        try await application.run { client in
            application.model.pace.fails = true
            let whole = try await client.post(
                "/v1/completions", #"{"prompt": "a", "max_tokens": 4}"#)
            #expect(whole.status == 500)
            #expect(whole.text.contains(#""type":"InternalServerError""#))
            let stream = try await client.post(
                "/v1/completions", #"{"prompt": "a", "max_tokens": 4, "stream": true}"#)
            #expect(stream.status == 200)
            #expect(stream.text.hasPrefix(#"data: {"error":{"message":"#))
            #expect(stream.text.hasSuffix("}\n\ndata: [DONE]\n\n"))
            application.model.pace.fails = false
            let next = try await client.post(
                "/v1/completions", #"{"prompt": "a", "max_tokens": 4}"#)
            #expect(next.status == 200)
        }
    }
}
