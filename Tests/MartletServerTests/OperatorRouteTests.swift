import HTTPTypes
import MartletEngine
import MartletJSON
import MartletServer
import Testing

@Suite struct OperatorRouteTests {
    private let long = #"{"prompt": "a", "max_tokens": 240, "temperature": 0}"#
    private let short = #"{"prompt": "a", "max_tokens": 2, "temperature": 0}"#

    @Test func `a paused engine keeps requests waiting`() async throws {
        try await TestApplication().run { client in
            #expect(try await client.get("/is_paused").text == #"{"is_paused":false}"#)
            let pause = try await client.post("/pause?mode=keep", "")
            #expect(pause.text == #"{"status":"paused"}"#)
            #expect(try await client.get("/is_paused").text == #"{"is_paused":true}"#)
            #expect(try await client.get("/health").status == 200)
            let ready = try await client.get("/ready")
            #expect(ready.status == 503)
            #expect(ready.text.contains(#""status":"paused""#))
            async let answer = client.post("/generate", short)
            let resume = try await client.post("/resume", "")
            #expect(resume.text == #"{"status":"resumed"}"#)
            #expect(try await answer.text == #"{"text":["abc"]}"#)
            #expect(try await client.get("/ready").status == 200)
        }
    }

    @Test(arguments: ["cmpl-mine", "mine"])
    func `requests are aborted by their ids`(_ id: String) async throws {
        let application = TestApplication()
        application.model.pace.delay = .milliseconds(5)
        try await application.run { client in
            async let answer = client.post(
                "/v1/completions", long, headers: [.requestID: "mine"])
            async let other = client.post(
                "/v1/completions", #"{"prompt": "a", "max_tokens": 30}"#)
            while application.model.engine.statistics.runningCount < 2 {
                try await Task.sleep(for: .milliseconds(1))
            }
            let none = try await client.post("/abort_requests", #"{"request_ids": ["x"]}"#)
            #expect(none.text == #"{"status":"aborted","aborted":0}"#)
            let one = try await client.post("/abort_requests", #"{"request_ids": ["\#(id)"]}"#)
            #expect(one.text == #"{"status":"aborted","aborted":1}"#)
            #expect(try await answer.text.contains(#""finish_reason":"abort""#))
            #expect(try await other.text.contains(#""finish_reason":"length""#))
            #expect(application.model.events.outcomes.contains(.cancelled(.abort)))
            let wrong = try await client.post("/abort_requests", #"{"request_ids": 1}"#)
            #expect(wrong.status == 400)
        }
    }

    @Test func `without ids every request is aborted`() async throws {
        let application = TestApplication()
        application.model.pace.delay = .milliseconds(5)
        try await application.run { client in
            async let first = client.post("/v1/completions", long)
            async let second = client.post("/v1/completions", long)
            while application.model.engine.statistics.runningCount < 2 {
                try await Task.sleep(for: .milliseconds(1))
            }
            let all = try await client.post("/abort_requests", #"{"request_ids": []}"#)
            #expect(all.text == #"{"status":"aborted","aborted":2}"#)
            #expect(try await first.status == 200)
            #expect(try await second.status == 200)
        }
    }

    @Test(arguments: [1, 2])
    func `a sleeping model refuses until it is woken`(_ level: Int) async throws {
        try await TestApplication().run { client in
            let sleep = try await client.post("/sleep?level=\(level)&mode=wait", "")
            #expect(sleep.text == #"{"status":"sleeping","level":\#(level)}"#)
            #expect(try await client.get("/is_sleeping").text == #"{"is_sleeping":true}"#)
            #expect(try await client.get("/is_paused").text == #"{"is_paused":true}"#)
            #expect(try await client.get("/health").status == 200)
            #expect(try await client.get("/ready").text.contains(#""status":"sleeping""#))
            let refused = try await client.post("/generate", short)
            #expect(refused.status == 503)
            #expect(refused.text.contains("sleeps"))
            let awake = try await client.post("/wake_up?tags=weights&tags=kv_cache", "")
            #expect(awake.text == #"{"status":"awake","tags":["weights","kv_cache"]}"#)
            #expect(try await client.get("/is_sleeping").text == #"{"is_sleeping":false}"#)
            #expect(try await client.post("/generate", short).text == #"{"text":["abc"]}"#)
        }
    }

    @Test func `sleep of level 0 is a pause`() async throws {
        try await TestApplication().run { client in
            #expect(try await client.post("/sleep?level=0", "").status == 200)
            #expect(try await client.get("/is_sleeping").text == #"{"is_sleeping":false}"#)
            #expect(try await client.get("/is_paused").text == #"{"is_paused":true}"#)
            let awake = try await client.post("/wake_up", "")
            #expect(awake.text == #"{"status":"awake","tags":null}"#)
            #expect(try await client.post("/generate", short).text == #"{"text":["abc"]}"#)
        }
    }

    @Test func `the prefix cache is reset`() async throws {
        try await TestApplication().run { client in
            let answer = try await client.post("/reset_prefix_cache", "")
            #expect(answer.text == #"{"success":true}"#)
        }
    }

    @Test func `the configuration is told without keys`() async throws {
        var application = TestApplication()
        application.configuration.apiKeys = ["secret"]
        try await application.run { client in
            let key: HTTPFields = [.authorization: "Bearer secret"]
            let json = try await client.get("/server_info?config_format=json", headers: key)
            let body = try JSONValue(parsing: json.text)
            #expect(body["vllm_config"]?["tiny"]?["dtype"] == "float32")
            #expect(body["vllm_config"]?["tiny"]?["quantization"] == "int4-g64")
            #expect(body["vllm_config"]?["tiny"]?["max_num_queued_reqs"] == 1024)
            #expect(!json.text.contains("secret"))
            let text = try await client.get("/server_info", headers: key)
            #expect(try JSONValue(parsing: text.text)["vllm_config"]?.string != nil)
        }
    }

    @Test(arguments: [
        ("/pause?mode=now", "mode"), ("/sleep?level=3", "level"), ("/sleep?level=x", "level"),
        ("/sleep?mode=x", "mode"), ("/wake_up?tags=x", "tags"),
    ])
    func `a wrong value is named`(_ path: String, _ param: String) async throws {
        let application = TestApplication()
        try await application.run { client in
            let answer = try await client.post(path, "")
            #expect(answer.status == 400)
            #expect(try JSONValue(parsing: answer.text)["error"]?["param"] == .string(param))
            #expect(application.model.engine.state == .ready)
        }
    }

    @Test func `one of several models is chosen by name`() async throws {
        let other = TestModel("other")
        try await LiveServer.run(others: [other]) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.post("/pause?model=other", "")
                try await connection.read(until: "paused")
                #expect(other.engine.state == .paused)
                #expect(server.engine.state == .ready)
                try await connection.post("/pause?model=nosuch", "")
                #expect(try await connection.read(until: "}}").hasPrefix("HTTP/1.1 404 "))
                // One of the models takes requests, so the server is ready.
                try await connection.write("GET /ready HTTP/1.1\r\nHost: x\r\n\r\n")
                #expect(try await connection.read(until: "]}").hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    private static let paths: [(HTTPRequest.Method, String)] = [
        (.post, "/abort_requests"), (.post, "/pause"), (.post, "/resume"), (.get, "/is_paused"),
        (.post, "/sleep"), (.post, "/wake_up"), (.get, "/is_sleeping"),
        (.post, "/reset_prefix_cache"), (.get, "/server_info"), (.post, "//pause"),
        (.post, "/pause/"), (.post, "//v1//completions"),
    ]

    @Test func `operators need a key where keys are set`() async throws {
        var application = TestApplication()
        application.configuration.apiKeys = ["k"]
        try await application.run { client in
            for (method, path) in Self.paths {
                let answer = try await client.send(path, method, headers: [:], body: nil)
                #expect(answer.status == 401, "\(path)")
            }
        }
    }

    @Test func `the routes can be left out`() async throws {
        var application = TestApplication()
        application.configuration.offersOperatorRoutes = false
        try await application.run { client in
            for (method, path) in Self.paths.prefix(9) {
                let answer = try await client.send(path, method, headers: [:], body: nil)
                #expect(answer.status == 404, "\(path)")
            }
        }
    }
}
