import HTTPTypes
import MartletJSON
import MartletServer
import OrderedCollections
import Testing

@Suite struct RouteTests {
    @Test func `an unknown path and a wrong method are told apart`() async throws {
        try await TestApplication().run { client in
            let missing = try await client.get("/nosuch")
            #expect(missing.status == 404)
            #expect(missing.text == #"{"detail":"Not Found"}"#)
            let wrong = try await client.get("/v1/completions")
            #expect(wrong.status == 405)
            #expect(wrong.text == #"{"detail":"Method Not Allowed"}"#)
            #expect(wrong.headers[.allow] == "POST")
            #expect(wrong.headers[.vary] == "Origin")
            let item = try await client.get("/v1/models/tiny")
            #expect(item.text == #"{"detail":"Not Found"}"#)
        }
    }

    @Test func `a ready server is healthy`() async throws {
        try await TestApplication().run { client in
            for path in ["/health", "/ping"] {
                let answer = try await client.get(path)
                #expect(answer.status == 200)
                let body = try JSONValue(parsing: answer.text)
                #expect(body["status"] == "healthy")
                #expect((body["timestamp"]?.double ?? 0) > 1e9)
            }
            #expect(try await client.get("/ready").status == 200)
            #expect(try await client.get("/load").text == #"{"server_load":0}"#)
            let version = try await client.get("/version").text
            #expect(version == #"{"version":"\#(MartletVersion.string)"}"#)
        }
    }

    @Test func `models are listed as OpenAI and vLLM do`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.get("/v1/models")
            #expect(
                answer.stable == #"{"object":"list","data":[{"id":"tiny","object":"model","#
                    + #""created":0,"owned_by":"vllm","root":"./tiny","parent":null,"#
                    + #""max_model_len":256,"permission":[{"id":"modelperm-R","#
                    + #""object":"model_permission","created":0,"allow_create_engine":false,"#
                    + #""allow_sampling":true,"allow_logprobs":true,"allow_search_indices":false,"#
                    + #""allow_view":true,"allow_fine_tuning":false,"organization":"*","#
                    + #""group":null,"is_blocking":false}]}]}"#)
        }
    }

    @Test func `the list of models tells their state`() async throws {
        try await TestApplication().run { client in
            let body = try JSONValue(parsing: try await client.get("/models").text)
            let model = body["data"]?.array?.first
            #expect(model?["id"] == "tiny")
            #expect(model?["state"] == "ready")
            #expect(model?["dtype"] == "float32")
            #expect(model?["quantization"] == "int4-g64")
            #expect(model?["max_model_len"] == 256)
            #expect(model?["kv_cache"]?["free_blocks"] == 1024)
        }
    }

    @Test func `texts become tokens and tokens texts`() async throws {
        try await TestApplication().run { client in
            let plain = try await client.post(
                "/tokenize", #"{"prompt": "a b", "return_token_strs": true}"#)
            #expect(
                plain.text == #"{"count":3,"max_model_len":256,"tokens":[97,32,98],"#
                    + #""token_strs":["a","Ġ","b"]}"#)
            let chat = try await client.post(
                "/tokenize", #"{"messages": [{"role": "u", "content": "a"}]}"#)
            #expect(chat.text.hasPrefix(#"{"count":15,"max_model_len":256,"tokens":[91,117,"#))
            #expect(chat.text.hasSuffix(#","token_strs":null}"#))
            let text = try await client.post("/detokenize", #"{"tokens": [97, 34]}"#)
            #expect(text.text == #"{"prompt":"a\""}"#)
            #expect(try await client.post("/detokenize", #"{"tokens": [-1]}"#).status == 400)
            #expect(try await client.post("/tokenize", "{}").status == 400)
        }
    }

    @Test func `only JSON is read`() async throws {
        try await TestApplication().run { client in
            let body = #"{"prompt": "a", "max_tokens": 1}"#
            let wrong = try await client.post(
                "/v1/completions", body, headers: [.contentType: "text/plain"])
            #expect(
                wrong.text == #"{"error":{"message":"1 validation error:\n  Unsupported Media "#
                    + #"Type: Only 'application/json' is allowed","type":"Bad Request","#
                    + #""param":null,"code":400}}"#)
            let right = try await client.post(
                "/v1/completions", body, headers: [.contentType: "Application/JSON; charset=utf-8"])
            #expect(right.status == 200)
        }
    }

    @Test func `a body over the limit is refused`() async throws {
        var application = TestApplication()
        application.configuration.maximumBodyByteCount = 100
        try await application.run { client in
            let long = String(repeating: "x", count: 200)
            let answer = try await client.post("/v1/completions", #"{"prompt": "\#(long)"}"#)
            #expect(answer.status == 413)
            #expect(answer.text.contains("larger than the limit of 100 bytes"))
        }
    }

    @Test func `request ids are sent back where configured`() async throws {
        var application = TestApplication()
        application.configuration.sendsRequestIDs = true
        try await application.run { client in
            let given = try await client.get("/nosuch", headers: [.requestID: "mine"])
            #expect(given.headers[.requestID] == "mine")
            let fresh = try await client.get("/health")
            #expect(fresh.headers[.requestID]?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        }
        try await TestApplication().run { client in
            let answer = try await client.get("/health")
            #expect(answer.headers[.requestID] == nil)
        }
    }

    @Test func `keys guard what generates and nothing else`() async throws {
        var application = TestApplication()
        application.configuration.apiKeys = ["k1", "k2"]
        try await application.run { client in
            for path in ["/v1/models", "/models", "/v1/nosuch"] {
                let answer = try await client.get(path)
                #expect(answer.status == 401)
                #expect(answer.text == #"{"error":"Unauthorized"}"#)
            }
            for key in ["bearer k1", "Bearer k2"] {
                let answer = try await client.get("/v1/models", headers: [.authorization: key])
                #expect(answer.status == 200)
            }
            for key in ["Bearer k", "Bearer k11", "Basic k1", "k1", ""] {
                let answer = try await client.get("/v1/models", headers: [.authorization: key])
                #expect(answer.status == 401)
            }
            #expect(try await client.post("/generate", "{}").status == 401)
            #expect(try await client.get("/health").status == 200)
            #expect(try await client.post("/tokenize", #"{"prompt": "a"}"#).status == 200)
        }
    }

    @Test func `pages of other origins are answered as configured`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.get("/health", headers: [.origin: "http://a"])
            #expect(answer.headers[.accessControlAllowOrigin] == "*")
        }
        var application = TestApplication()
        application.configuration.allowedOrigins = ["http://a"]
        try await application.run { client in
            let preflight: HTTPFields = [.accessControlRequestMethod: "POST"]
            var allowed = preflight
            allowed[.origin] = "http://a"
            let yes = try await client.send(
                "/v1/completions", .options, headers: allowed, body: nil)
            #expect(yes.status == 200)
            #expect(yes.headers[.accessControlAllowOrigin] == "http://a")
            var foreign = preflight
            foreign[.origin] = "http://b"
            let no = try await client.send(
                "/v1/completions", .options, headers: foreign, body: nil)
            #expect(no.status == 400)
            #expect(no.text == "Disallowed CORS origin")
        }
    }
}
