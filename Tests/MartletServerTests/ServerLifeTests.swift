import MartletEngine
import MartletJSON
import MartletServer
import Testing

@Suite struct ServerLifeTests {
    /// One request on a connection of its own.
    private static func get(_ path: String, _ port: Int) async throws -> String {
        try await RawConnection.open(port) { connection in
            try await connection.write(
                "GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return try await connection.readToEnd()
        }
    }

    @Test func `while the model loads, the server says so`() async throws {
        let gate = Gate()
        try await LiveServer.run(TestModel(gate: gate), waits: false) { server in
            defer { gate.open() }
            for path in ["/health", "/ready"] {
                let answer = try await Self.get(path, server.port)
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
                #expect(answer.contains(#""status":"loading""#))
            }
            #expect(try await Self.get("/models", server.port).contains(#""state":"loading""#))
            try await RawConnection.open(server.port) { connection in
                try await connection.post("/v1/completions", #"{"prompt": "a"}"#)
                let answer = try await connection.read(until: "}}")
                #expect(answer.hasPrefix("HTTP/1.1 503 "))
                #expect(answer.lowercased().contains("retry-after: 1\r\n"))
                #expect(answer.contains("still loading"))
            }
            let code = try await WebSocketClient.open(server.port) { try await $0.receiveClose() }
            #expect(code == 1013)
            gate.open()
            while server.engine.state != .ready { try await Task.sleep(for: .milliseconds(1)) }
            #expect(try await Self.get("/health", server.port).hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test func `a shutdown while the model loads ends at once`() async throws {
        let gate = Gate()
        try await LiveServer.run(TestModel(gate: gate), waits: false) { server in
            await server.shutDown()
            // The loader is on its way and has to come to a point where it looks.
            gate.open()
        }
    }

    @Test func `a shutdown finishes what is open and admits nothing new`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(4)
        try await LiveServer.run(model) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.post(
                    "/v1/completions", #"{"prompt": "a", "max_tokens": 200, "stream": true}"#)
                var text = try await connection.read(until: #""text":"#)
                await server.shutDown()
                while try await !Self.get("/ready", server.port).contains("draining") {
                    try await Task.sleep(for: .milliseconds(1))
                }
                #expect(try await Self.get("/health", server.port).hasPrefix("HTTP/1.1 200 "))
                try await RawConnection.open(server.port) { other in
                    try await other.post("/v1/completions", #"{"prompt": "a"}"#)
                    let answer = try await other.read(until: "}}")
                    #expect(answer.hasPrefix("HTTP/1.1 503 "))
                    #expect(answer.contains("shutting down"))
                    #expect(answer.lowercased().contains("connection: close\r\n"))
                    #expect(answer.lowercased().contains("retry-after: "))
                }
                text += try await connection.readToEnd()
                #expect(text.contains(#""finish_reason":"length""#))
                #expect(text.contains("data: [DONE]"))
            }
        }
    }

    @Test func `what is still open after the time limit is aborted`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(20)
        try await LiveServer.run(
            model, shutdownTimeout: .milliseconds(100)
        ) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.post(
                    "/v1/completions", #"{"prompt": "a", "max_tokens": 250, "stream": true}"#)
                var text = try await connection.read(until: #""text":"#)
                await server.shutDown()
                text += try await connection.readToEnd()
                #expect(text.contains(#""finish_reason":"abort""#))
                #expect(text.contains("data: [DONE]"))
            }
        }
    }

    @Test func `a socket learns that its generation is cut short by a shutdown`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(20)
        try await LiveServer.run(
            model, shutdownTimeout: .milliseconds(100)
        ) { server in
            try await WebSocketClient.open(server.port) { client in
                try await client.send(#"{"id": 1, "prompt": "a", "max_tokens": 250}"#)
                var reasons: [JSONValue?] = []
                _ = try await client.receiveObject()
                await server.shutDown()
                while true {
                    let object = try await client.receiveObject()
                    if object["type"] == "done" { break }
                    reasons.append(object["choices"]?.array?.first?["finish_reason"])
                }
                #expect(reasons.last == "abort")
                #expect(try await client.receiveClose() == 1001)
            }
            #expect(model.events.outcomes == [.cancelled(.shutdown)])
        }
    }

    @Test func `a shutdown closes idle sockets at once and busy ones when they are done`()
        async throws
    {
        let model = TestModel()
        model.pace.delay = .milliseconds(2)
        try await LiveServer.run(model) { server in
            try await WebSocketClient.open(server.port) { idle in
                try await WebSocketClient.open(server.port) { busy in
                    try await busy.send(#"{"id": 1, "prompt": "a", "max_tokens": 200}"#)
                    _ = try await busy.receiveObject()
                    await server.shutDown()
                    #expect(try await idle.receiveClose() == 1001)
                    let texts = try await busy.collect([1])
                    #expect((texts[1]?.count ?? 0) > 100)
                    #expect(try await busy.receiveClose() == 1001)
                }
            }
        }
    }
}
