import HTTPTypes
import MartletEngine
import MartletJSON
import MartletServer
import Testing

@Suite struct DeadlineTests {
    private let long = #"{"prompt": "a", "max_tokens": 240, "temperature": 0"#

    @Test(arguments: ["0", "-1", "nan", "inf", "soon", "", "1e400"])
    func `a header that is no positive number is refused`(_ value: String) async throws {
        try await TestApplication().run { client in
            for (name, param) in [
                (HTTPField.Name.requestTimeout, "X-Request-Timeout"),
                (.queueTimeout, "X-Queue-Timeout"),
            ] {
                let answer = try await client.post(
                    "/v1/completions", #"{"prompt": "a"}"#, headers: [name: value])
                #expect(answer.status == 400)
                let error = try JSONValue(parsing: answer.text)["error"]
                #expect(error?["param"] == .string(param))
                #expect(error?["type"] == "BadRequestError")
            }
        }
    }

    @Test(arguments: ["/v1/completions", "/generate", "/v1/chat/completions"])
    func `a field that is no positive number is refused`(_ path: String) async throws {
        try await TestApplication().run { client in
            let prompt =
                path.contains("chat")
                ? #""messages": [{"role": "user", "content": "a"}]"# : #""prompt": "a""#
            for field in ["timeout", "queue_timeout"] {
                let zero = try await client.post(path, #"{\#(prompt), "\#(field)": 0}"#)
                #expect(zero.status == 400)
                #expect(try JSONValue(parsing: zero.text)["error"]?["param"] == .string(field))
                let text = try await client.post(path, #"{\#(prompt), "\#(field)": "soon"}"#)
                #expect(text.status == 400)
                #expect(text.text.contains("float_parsing"))
            }
        }
    }

    @Test func `what there is at the deadline is delivered`() async throws {
        let application = TestApplication()
        application.model.pace.delay = .milliseconds(10)
        try await application.run { client in
            for (body, headers) in [
                (long + #", "timeout": 0.4}"#, [:]),
                (long + "}", [.requestTimeout: "0.4"]),
                (long + #", "timeout": 100}"#, [.requestTimeout: " 0.4"]),
            ] as [(String, HTTPFields)] {
                let answer = try await client.post("/v1/completions", body, headers: headers)
                let choice = try JSONValue(parsing: answer.text)["choices"]?.array?.first
                #expect(choice?["finish_reason"] == "timeout")
                let text = choice?["text"]?.string ?? ""
                #expect(!text.isEmpty)
                #expect(text == Events.alphabet(after: 0, count: text.count))
            }
        }
    }

    @Test func `a request without output in time, and one that waits too long, are told so`()
        async throws
    {
        let application = TestApplication()
        try await application.run { client in
            try await application.model.engine.pause(.keep)
            let late = try await client.post("/v1/completions", long + #", "timeout": 0.03}"#)
            #expect(late.status == 504)
            #expect(late.text.contains(#""type":"TimeoutError""#))
            let waited = try await client.post(
                "/v1/completions", long + "}", headers: [.queueTimeout: "0.03"])
            #expect(waited.status == 503)
            #expect(Int(waited.headers[.retryAfter] ?? "") ?? 0 >= 1)
            #expect(application.model.engine.openRequestCount == 0)
        }
    }

    @Test func `the engine knows requests by the ids of their responses`() async throws {
        let application = TestApplication()
        try await application.run { client in
            for path in ["/v1/completions", "/generate"] {
                _ = try await client.post(
                    path, #"{"prompt": "a", "max_tokens": 1}"#, headers: [.requestID: "mine"])
            }
            _ = try await client.post(
                "/v1/chat/completions",
                #"{"messages": [{"role": "user", "content": "a"}], "max_tokens": 1}"#,
                headers: [.requestID: "mine"])
            #expect(
                application.model.events.finishedRequestIDs
                    == ["cmpl-mine", "cmpl-mine", "chatcmpl-mine"])
        }
    }

    @Test func `clients are named by the number of their key`() {
        let keys = APIKeys(["one", "two"])
        #expect(keys.client(authorization: "Bearer two") == "key-1")
        #expect(keys.client(authorization: "bearer one") == "key-0")
        #expect(keys.client(authorization: "Bearer three") == nil)
        #expect(keys.client(authorization: nil) == nil)
        #expect(APIKeys([]).client(authorization: "Bearer one") == nil)
    }

    @Test func `limits hold while the model is loaded`() async throws {
        let gate = Gate()
        let lazy = TestModel("lazy", gate: gate, isEager: false)
        let body = #"{"prompt": "a", "model": "lazy", "max_tokens": 2, "temperature": 0"#
        try await LiveServer.run(TestModel(), others: [lazy]) { server in
            defer { gate.open() }
            try await RawConnection.open(server.port) { connection in
                for path in ["/generate", "/v1/completions"] {
                    try await connection.post(path, body + #", "timeout": 0.05}"#)
                    let late = try await connection.read(until: "}}")
                    #expect(late.hasPrefix("HTTP/1.1 504 "))
                    #expect(late.contains("before its model was loaded"))
                    try await connection.post(path, body + #", "queue_timeout": 0.05}"#)
                    #expect(try await connection.read(until: "}}").hasPrefix("HTTP/1.1 503 "))
                }
                gate.open()
                try await connection.post("/generate", body + "}")
                #expect(try await connection.read(until: "]}").contains("abc"))
            }
        }
    }

    @Test func `who leaves while the model is loaded is forgotten`() async throws {
        let gate = Gate()
        let lazy = TestModel("lazy", gate: gate, isEager: false)
        let get = "GET /load HTTP/1.1\r\nHost: x\r\n\r\n"
        try await LiveServer.run(TestModel(), others: [lazy]) { server in
            defer { gate.open() }
            try await RawConnection.open(server.port) { connection in
                func wait(for load: Int) async throws {
                    var answer = ""
                    while !answer.contains(#"{"server_load":\#(load)}"#) {
                        try await connection.write(get)
                        answer = try await connection.read(until: "}")
                    }
                }
                try await RawConnection.open(server.port) { client in
                    try await client.post("/generate", #"{"prompt": "a", "model": "lazy"}"#)
                    try await wait(for: 1)
                    client.close()
                }
                try await wait(for: 0)
            }
        }
    }
}
