import MartletEngine
import MartletEngineTestSupport
import MartletJSON
import MartletServer
import Testing

/// Clients that send requests and do not take the answers.
@Suite struct SlowReaderTests {
    /// An answer of more than the system's buffers take, however its pieces are merged.
    private let huge = """
        {"prompt": ["a", "a", "a"], "max_tokens": 230, "n": 64, "temperature": 1, "logprobs": 20, \
        "stream": true
        """
    private let end = Array(repeating: RequestOutcome.finished(.length), count: 3)

    private func model() -> TestModel {
        TestModel {
            $0.readerTimeout = .milliseconds(150)
            $0.maximumUnreadByteCount = 64 << 10
        }
    }

    @Test func `streams that nobody reads end, and their connections with them`() async throws {
        let model = model()
        try await LiveServer.run(model) { server in
            var clients: [StuckClient] = []
            for _ in 0..<3 {
                clients.append(
                    try await StuckClient.post(server.port, "/v1/completions", huge + "}"))
            }
            while model.events.outcomes.count < 9 { try await Task.sleep(for: .milliseconds(2)) }
            #expect(try await server.engine.settles())
            #expect(model.events.outcomes.contains(.cancelled(.slowReader)))
            try await RawConnection.open(server.port) { connection in
                var load = ""
                while !load.contains(#"{"server_load":0}"#) {
                    try await connection.write("GET /load HTTP/1.1\r\nHost: x\r\n\r\n")
                    load = try await connection.read(until: "}")
                }
                try await connection.post(
                    "/generate", #"{"prompt": "a", "max_tokens": 2, "temperature": 0}"#)
                #expect(try await connection.read(until: "]}").contains("abc"))
            }
            for client in clients { await client.close() }
        }
    }

    @Test func `sockets that nobody reads are cut`() async throws {
        let model = model()
        try await LiveServer.run(model) { server in
            var clients: [StuckClient] = []
            for _ in 0..<2 {
                var bytes = Array(WebSocketClient.handshake().utf8)
                for id in 0..<2 {
                    bytes += WebSocketClient.frame(Array((huge + #", "id": \#(id)}"#).utf8))
                }
                clients.append(try await StuckClient.open(server.port, bytes))
            }
            while model.events.outcomes.count < 12 { try await Task.sleep(for: .milliseconds(2)) }
            #expect(try await server.engine.settles())
            #expect(model.events.outcomes.contains(.cancelled(.slowReader)))
            for client in clients { await client.close() }
        }
    }

    @Test func `what is done and never read is thrown away in time`() async throws {
        let model = TestModel { $0.maximumUnreadByteCount = 64 << 20 }
        try await LiveServer.run(model, configure: { $0.writeTimeout = .seconds(3) }) {
            server in
            let client = try await StuckClient.post(
                server.port, "/v1/completions", huge + "}")
            while model.events.outcomes.count < 3 { try await Task.sleep(for: .milliseconds(2)) }
            #expect(try await server.engine.settles())
            // The engine has done its part, and the server still has something to write.
            #expect(model.events.outcomes == end)
            try await RawConnection.open(server.port) { connection in
                let get = "GET /load HTTP/1.1\r\nHost: x\r\n\r\n"
                try await connection.write(get)
                var load = try await connection.read(until: "}")
                #expect(load.contains(#"{"server_load":1}"#))
                while !load.contains(#"{"server_load":0}"#) {
                    try await connection.write(get)
                    load = try await connection.read(until: "}")
                }
            }
            await client.close()
        }
    }

    @Test(arguments: [true, false])
    func `a client that does not read does not hold a shutdown up`(_ streams: Bool)
        async throws
    {
        let model = TestModel { $0.maximumUnreadByteCount = 64 << 20 }
        let body = huge.replacing("true", with: "\(streams)") + "}"
        let start = ContinuousClock.now
        try await LiveServer.run(model, configure: { $0.lingerTimeout = .milliseconds(200) }) {
            server in
            _ = try await StuckClient.post(server.port, "/v1/completions", body)
            while model.events.outcomes.count < 3 { try await Task.sleep(for: .milliseconds(2)) }
        }
        // The limit for all of a shutdown is half a minute.
        #expect(ContinuousClock.now - start < .seconds(8))
    }

    @Test func `a broken connection and a cancelled request are told apart`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(4)
        try await LiveServer.run(model) { server in
            try await WebSocketClient.open(server.port) { client in
                try await client.send(#"{"id": 1, "prompt": "a", "max_tokens": 240}"#)
                _ = try await client.receiveObject()
                try await client.send(#"{"type": "cancel", "id": 1}"#)
                _ = try await client.collect([1])
                try await client.send(#"{"id": 2, "prompt": "a", "max_tokens": 240}"#)
                _ = try await client.receiveObject()
                client.connection.close()
            }
            #expect(try await server.engine.settles())
            #expect(model.events.outcomes == [.cancelled(.cancel), .cancelled(.disconnect)])
        }
    }
}
