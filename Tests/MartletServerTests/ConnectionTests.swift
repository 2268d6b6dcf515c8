import MartletEngine
import MartletEngineTestSupport
import MartletServer
import Testing

/// What happens on real sockets.
@Suite struct ConnectionTests {
    private let long = #"{"prompt": "a", "max_tokens": 240, "temperature": 0"#

    @Test(arguments: ["/v1/completions", "/generate"], [true, false])
    func `a client that goes away ends its generation`(_ path: String, _ streams: Bool)
        async throws
    {
        let model = TestModel()
        model.pace.delay = .milliseconds(20)
        try await LiveServer.run(model) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.post(path, long + #", "stream": \#(streams)}"#)
                while model.engine.statistics.runningCount == 0 {
                    try await Task.sleep(for: .milliseconds(1))
                }
                if streams { _ = try await connection.read(until: "\r\n\r\n") }
                connection.close()
            }
            #expect(try await server.engine.settles())
            #expect(model.events.outcomes == [.cancelled(.disconnect)])
            #expect(server.engine.statistics.finishedCounts[.abort] == 1)
        }
    }

    @Test func `one connection serves many requests, streamed and not`() async throws {
        try await LiveServer.run { server in
            try await RawConnection.open(server.port) { connection in
                for _ in 0..<3 {
                    try await connection.post(
                        "/generate", #"{"prompt": "a", "max_tokens": 3, "temperature": 0}"#)
                    let whole = try await connection.read(until: "]}")
                    #expect(whole.hasPrefix("HTTP/1.1 200 OK\r\n"))
                    #expect(whole.hasSuffix(#"{"text":["abcd"]}"#))
                    try await connection.post(
                        "/v1/completions", #"{"prompt": "a", "max_tokens": 3, "stream": true}"#)
                    let stream = try await connection.read(until: "0\r\n\r\n")
                    #expect(stream.lowercased().contains("transfer-encoding: chunked"))
                    #expect(stream.contains("data: [DONE]"))
                }
            }
        }
    }

    @Test func `two hundred streams cut in the middle leave nothing behind`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(1)
        try await LiveServer.run(model) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        try await RawConnection.open(server.port) { connection in
                            try await connection.post(
                                "/v1/completions", long + #", "stream": true}"#)
                            let mark = index.isMultiple(of: 2) ? "\r\n\r\n" : #""text":"#
                            try await connection.read(until: mark)
                            connection.close()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await server.engine.settles())
            #expect(model.events.outcomes.allSatisfy { $0 == .cancelled(.disconnect) })
        }
    }

    @Test func `what is not HTTP is refused`() async throws {
        try await LiveServer.run { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.write("\u{1}\u{2} nonsense\r\n\r\n")
                let answer = try await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            }
            try await RawConnection.open(server.port) { connection in
                try await connection.write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
                try await connection.read(until: "healthy")
                try await connection.write("\u{1}\u{2} nonsense\r\n\r\n")
                let answer = try await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"))
            }
        }
    }

    @Test func `other protocols than WebSocket are not upgraded to`() async throws {
        try await LiveServer.run { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.write(
                    "GET /health HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
                let answer = try await connection.readToEnd()
                #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
                #expect(answer.lowercased().contains("connection: close\r\n"))
            }
            // Java's client offers HTTP/2 like this with the first request of every connection.
            let body = #"{"prompt": "a", "max_tokens": 2, "temperature": 0}"#
            try await RawConnection.open(server.port) { connection in
                try await connection.write(
                    "POST /generate HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                        + "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
                        + "Content-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n"
                        + body)
                #expect(try await connection.readToEnd().hasSuffix(#"{"text":["abc"]}"#))
            }
            try await RawConnection.open(server.port) { connection in
                try await connection.write("GET /ws/generate HTTP/1.1\r\nHost: x\r\n\r\n")
                let answer = try await connection.read(until: "}}")
                #expect(answer.hasPrefix("HTTP/1.1 426 "))
            }
        }
    }

    @Test func `a connection that stays silent is closed`() async throws {
        try await LiveServer.run(configure: { $0.keepAliveTimeout = .milliseconds(50) }) { server in
            let text = try await RawConnection.open(server.port) { connection in
                try await connection.readToEnd()
            }
            #expect(text.isEmpty)
        }
    }
}
