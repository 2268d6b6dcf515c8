import MartletEngine
import MartletEngineTestSupport
import MartletJSON
import MartletServer
import Testing

/// What a server at its limits does.
@Suite struct AdmissionTests {
    private let short = #"{"prompt": "a", "max_tokens": 2, "temperature": 0}"#
    private let long = #"{"prompt": "a", "max_tokens": 240, "temperature": 0, "stream": true}"#

    /// A model with room for `count` requests.
    private func model(_ name: String = "tiny", count: Int = 1) -> TestModel {
        let model = TestModel(name) {
            $0.maximumConcurrentRequestCount = count
            $0.maximumQueueSize = 0
        }
        model.pace.delay = .milliseconds(5)
        return model
    }

    private func head(_ length: Int) -> String {
        "POST /v1/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(length)\r\n\r\n"
    }

    @Test(arguments: [503, 429])
    func `a full server refuses before it reads the body`(_ status: Int) async throws {
        try await LiveServer.run(
            model(),
            configure: { $0.overloadStatus = .init(rawValue: status) ?? .serviceUnavailable }
        ) { server in
            try await RawConnection.open(server.port) { busy in
                try await busy.post("/v1/completions", long)
                try await busy.read(until: #""text":"#)
                try await RawConnection.open(server.port) { connection in
                    try await connection.write(head(20))
                    let answer = try await connection.read(until: "}}")
                    #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
                    #expect(answer.contains(#""code":\#(status)"#))
                    #expect(answer.lowercased().contains("\r\nretry-after: 1\r\n"))
                    #expect(!answer.lowercased().contains("connection: close"))
                    // The small body is read over, and the connection goes on.
                    try await connection.write(String(repeating: " ", count: 20))
                    try await connection.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(try await connection.read(until: "]}").contains("healthy"))
                }
            }
        }
    }

    @Test func `a refused body that is large is not waited for`() async throws {
        try await LiveServer.run(model(), configure: { $0.lingerTimeout = .milliseconds(100) }) {
            server in
            try await RawConnection.open(server.port) { busy in
                try await busy.post("/v1/completions", long)
                try await busy.read(until: #""text":"#)
                try await RawConnection.open(server.port) { connection in
                    try await connection.write(head(10_000_000) + "{")
                    let answer = try await connection.readToEnd()
                    #expect(answer.hasPrefix("HTTP/1.1 503 "))
                    #expect(answer.lowercased().contains("connection: close\r\n"))
                }
            }
        }
    }

    @Test func `a request that fails gives its place back`() async throws {
        try await LiveServer.run(model()) { server in
            try await RawConnection.open(server.port) { connection in
                for body in ["{", #"{"prompt": 1}"#, #"{"prompt": "a", "model": "other"}"#] {
                    try await connection.post("/v1/completions", body)
                    #expect(try await connection.read(until: "}}").hasPrefix("HTTP/1.1 4"))
                }
                #expect(server.engine.openRequestCount == 0)
                try await connection.post("/generate", short)
                #expect(try await connection.read(until: "]}").contains("abc"))
            }
        }
    }

    @Test func `a slow upload loses its place`() async throws {
        try await LiveServer.run(
            model(),
            configure: {
                $0.bodyTimeout = .milliseconds(60)
                $0.lingerTimeout = .milliseconds(50)
            }
        ) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.write(head(20) + "{")
                let answer = try await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 408 "))
                #expect(answer.lowercased().contains("connection: close\r\n"))
            }
            #expect(server.engine.openRequestCount == 0)
        }
    }

    @Test func `a client that leaves in the middle of its upload leaves no place taken`()
        async throws
    {
        try await LiveServer.run(model(count: 4)) { server in
            for _ in 0..<4 {
                try await RawConnection.open(server.port) { connection in
                    try await connection.write(head(20) + "{")
                    while server.engine.openRequestCount == 0 {
                        try await Task.sleep(for: .milliseconds(1))
                    }
                    connection.close()
                }
                #expect(try await server.engine.settles())
            }
        }
    }

    @Test func `a full model does not keep requests from another one`() async throws {
        let other = model("other")
        other.pace.delay = .zero
        try await LiveServer.run(model(), others: [other]) { server in
            try await RawConnection.open(server.port) { busy in
                try await busy.post("/v1/completions", long)
                try await busy.read(until: #""text":"#)
                try await RawConnection.open(server.port) { connection in
                    for _ in 0..<3 {
                        try await connection.post(
                            "/generate",
                            #"{"prompt": "a", "model": "other", "max_tokens": 2}"#)
                        #expect(try await connection.read(until: "}").contains("abc"))
                        try await connection.post("/generate", short)
                        let refusal = try await connection.read(until: "}}")
                        #expect(refusal.hasPrefix("HTTP/1.1 503 "))
                    }
                }
                #expect(other.engine.openRequestCount == 0)
            }
        }
    }

    @Test func `prompts of one request beyond the limit end all of it`() async throws {
        try await LiveServer.run(model(count: 2)) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.post(
                    "/v1/completions", #"{"prompt": ["a", "b", "c"], "max_tokens": 200}"#)
                #expect(try await connection.read(until: "}}").hasPrefix("HTTP/1.1 503 "))
            }
            #expect(try await server.engine.settles())
        }
    }

    @Test func `a full server closes sockets that are of no use yet`() async throws {
        try await LiveServer.run(model()) { server in
            try await WebSocketClient.open(server.port) { idle in
                try await WebSocketClient.open(server.port) { busy in
                    try await busy.send(#"{"id": 1, "prompt": "a", "max_tokens": 240}"#)
                    _ = try await busy.receiveObject()
                    let code = try await WebSocketClient.open(server.port) {
                        try await $0.receiveClose()
                    }
                    #expect(code == 1013)
                    try await idle.send(#"{"id": 7, "prompt": "a"}"#)
                    let refusal = try await idle.receiveObject()
                    #expect(refusal["error"]?["code"] == 503)
                    #expect(refusal["error"]?["retry_after"] == 1)
                    #expect(refusal["request_id"] == 7)
                    #expect(try await idle.receiveObject()["type"] == "done")
                    #expect(try await idle.receiveClose() == 1013)
                    // A socket that serves one request is not closed for another one.
                    try await busy.send(#"{"id": 2, "prompt": "a"}"#)
                    var object = try await busy.receiveObject()
                    while object["error"] == nil { object = try await busy.receiveObject() }
                    #expect(object["request_id"] == 2)
                    #expect((try await busy.collect([1])[1]?.count ?? 0) > 100)
                }
            }
        }
    }
}
