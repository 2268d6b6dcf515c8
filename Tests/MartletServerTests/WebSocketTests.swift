import MartletEngine
import MartletEngineTestSupport
import MartletJSON
import MartletServer
import OrderedCollections
import Testing

@Suite struct WebSocketTests {
    @Test func `the smallest request is answered`() async throws {
        try await LiveServer.run { server in
            try await WebSocketClient.open(server.port) { client in
                try await client.send(#"{"prompt": "Hello, how are you?", "max_tokens": 5}"#)
                var text = ""
                var id: JSONValue?
                while true {
                    let object = try await client.receiveObject()
                    if object["type"] == "done" {
                        #expect(object["id"] == id)
                        break
                    }
                    #expect(object["object"] == "text_completion")
                    id = object["request_id"]
                    text += object["choices"]?.array?.first?["text"]?.string ?? ""
                }
                #expect(text == "abcde")
            }
        }
    }

    @Test func `chunks are those of the streamed response`() async throws {
        try await LiveServer.run { server in
            try await WebSocketClient.open(server.port) { client in
                try await client.send(
                    #"{"id": "q", "prompt": "ab", "max_tokens": 1, "temperature": 0}"#)
                let frame = try await client.receive()
                #expect(
                    Stable.text(frame.text) == #"{"id":"cmpl-q","object":"text_completion","#
                        + #""created":0,"model":"tiny","choices":[{"index":0,"text":"c","#
                        + #""logprobs":null,"finish_reason":"length","stop_reason":null,"#
                        + #""prompt_token_ids":null,"token_ids":null}],"#
                        + #""system_fingerprint":"FP","request_id":"q"}"#)
                #expect(try await client.receive().text == #"{"type":"done","id":"q"}"#)
            }
        }
    }

    @Test func `requests of one socket run side by side`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(1)
        try await LiveServer.run(model) { server in
            try await WebSocketClient.open(server.port) { client in
                for id in 0..<20 {
                    try await client.send(
                        #"{"id": \#(id), "prompt": "\#(UnicodeScalar(UInt8(97 + id)))", "#
                            + #""max_tokens": 30, "temperature": 0}"#)
                }
                try await client.send(
                    #"{"id": "chat", "messages": [{"role": "user", "content": "x"}], "#
                        + #""max_tokens": 4, "temperature": 0}"#)
                let ids = Set((0..<20).map { JSONValue.integer($0) } + ["chat"])
                let texts = try await client.collect(ids)
                for id in 0..<20 {
                    #expect(texts[.integer(id)] == Events.alphabet(after: id, count: 30))
                }
                #expect(texts["chat"] == "abcd")
            }
        }
    }

    @Test func `a cancelled request ends, and the others go on`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(3)
        try await LiveServer.run(model) { server in
            try await WebSocketClient.open(server.port) { client in
                try await client.send(#"{"id": 1, "prompt": "a", "max_tokens": 240}"#)
                try await client.send(#"{"id": 2, "prompt": "a", "max_tokens": 30}"#)
                // The first chunk may be of either.
                let first = try await client.receiveObject()
                let begun = first["choices"]?.array?.first?["text"]?.string?.count ?? 0
                try await client.send(#"{"type": "cancel", "id": 1}"#)
                let texts = try await client.collect([1, 2])
                #expect((texts[1]?.count ?? 0) < 200)
                #expect((texts[2]?.count ?? 0) + (first["request_id"] == 2 ? begun : 0) == 30)
            }
            #expect(try await server.engine.settles())
            #expect(server.engine.statistics.finishedCounts[.abort] == 1)
        }
    }

    @Test func `a client that goes away ends its generations`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(20)
        try await LiveServer.run(model) { server in
            try await WebSocketClient.open(server.port) { client in
                for id in 0..<5 {
                    try await client.send(#"{"id": \#(id), "prompt": "a", "max_tokens": 240}"#)
                }
                _ = try await client.receiveObject()
                client.connection.close()
            }
            #expect(try await server.engine.settles())
            #expect(model.events.outcomes.allSatisfy { $0 == .cancelled(.disconnect) })
        }
    }

    @Test func `a request that is wrong is told, and the socket stays open`() async throws {
        try await LiveServer.run { server in
            try await WebSocketClient.open(server.port) { client in
                try await client.send(#"{"id": "q", "prompt": "a", "temperature": 9}"#)
                let error = try await client.receiveObject()
                #expect(error["error"]?["param"] == "temperature")
                #expect(error["request_id"] == "q")
                #expect(try await client.receive().text == #"{"type":"done","id":"q"}"#)
                for message in ["{", "[]", #"{"type": "dance"}"#, #"{"type": "cancel"}"#] {
                    try await client.send(message)
                    #expect(try await client.receiveObject()["error"]?["code"] == 400)
                }
                try await client.send(#"{"type": "ping"}"#)
                #expect(try await client.receive().text == #"{"type":"pong"}"#)
                try await client.send(Array("hi".utf8), opcode: 9)
                #expect(try await client.receive() == .init(opcode: 10, payload: Array("hi".utf8)))
                try await client.send(#"{"id": 1, "prompt": "a", "max_tokens": 2}"#)
                #expect(try await client.collect([1]) == [1: "bc"])
            }
        }
    }

    @Test func `an id may be used again, though not twice at a time`() async throws {
        let model = TestModel()
        model.pace.delay = .milliseconds(3)
        try await LiveServer.run(model, configure: { $0.maximumWebSocketRequestCount = 2 }) {
            server in
            try await WebSocketClient.open(server.port) { client in
                let request = #"{"id": 1, "prompt": "a", "max_tokens": 60}"#
                try await client.send(request)
                try await client.send(request)
                var refusal = try await client.receiveObject()
                while refusal["error"] == nil { refusal = try await client.receiveObject() }
                #expect(refusal["error"]?["code"] == 400)
                try await client.send(#"{"id": 2, "prompt": "a", "max_tokens": 60}"#)
                try await client.send(#"{"id": 3, "prompt": "a", "max_tokens": 60}"#)
                refusal = try await client.receiveObject()
                while refusal["error"] == nil { refusal = try await client.receiveObject() }
                #expect(refusal["error"]?["code"] == 503)
                #expect(refusal["request_id"] == 3)
                _ = try await client.collect([1, 2])
                try await client.send(#"{"id": 1, "prompt": "y", "max_tokens": 2}"#)
                #expect(try await client.collect([1]) == [1: "za"])
            }
        }
    }

    @Test func `a message may come in fragments, with a ping between them`() async throws {
        try await LiveServer.run { server in
            try await WebSocketClient.open(server.port) { client in
                let text = Array(#"{"id": 1, "prompt": "é", "max_tokens": 2}"#.utf8)
                let middle = text.firstIndex(of: 0xC3).map { $0 + 1 } ?? 0
                try await client.send(Array(text[..<middle]), isLast: false)
                try await client.send([], opcode: 9)
                try await client.send(Array(text[middle...]), opcode: 0)
                #expect(try await client.receive().opcode == 10)
                #expect(try await client.collect([1]) == [1: "ab"])
            }
        }
    }

    struct Violation: Sendable {
        var payload: [UInt8] = Array("{}".utf8)
        var opcode: UInt8 = 1
        var isLast = true
        var reserved: UInt8 = 0
        var mask: [UInt8]? = [1, 2, 3, 4]
        let code: Int
    }

    @Test(arguments: [
        Violation(mask: nil, code: 1002),
        Violation(reserved: 0x40, code: 1002),
        Violation(opcode: 0, code: 1002),
        Violation(opcode: 3, code: 1002),
        Violation(opcode: 11, code: 1002),
        Violation(opcode: 9, isLast: false, code: 1002),
        Violation(payload: Array(repeating: 0, count: 126), opcode: 9, code: 1002),
        Violation(payload: [0], opcode: 8, code: 1002),
        Violation(payload: [3, 237], opcode: 8, code: 1002),
        Violation(opcode: 2, code: 1003),
        Violation(payload: [0xC3, 0x28], code: 1007),
        Violation(payload: [0xED, 0xA0, 0x80], code: 1007),
        Violation(payload: Array(repeating: 32, count: 5000), code: 1009),
    ])
    func `a client that breaks the protocol is closed with the right code`(
        _ violation: Violation
    ) async throws {
        try await LiveServer.run(configure: { $0.maximumBodyByteCount = 4096 }) { server in
            try await WebSocketClient.open(server.port) { client in
                try await client.send(
                    violation.payload, opcode: violation.opcode, isLast: violation.isLast,
                    reserved: violation.reserved, mask: violation.mask)
                #expect(try await client.receiveClose() == violation.code)
                client.connection.close()
            }
            try await WebSocketClient.open(server.port) { client in
                try await client.send(#"{"id": 1, "prompt": "a", "max_tokens": 2}"#)
                #expect(try await client.collect([1]) == [1: "bc"])
            }
        }
    }

    @Test func `fragments count together`() async throws {
        try await LiveServer.run(configure: { $0.maximumBodyByteCount = 4096 }) { server in
            try await WebSocketClient.open(server.port) { client in
                let part = [UInt8](repeating: 32, count: 3000)
                try await client.send(part, isLast: false)
                try await client.send(part, opcode: 0, isLast: false)
                #expect(try await client.receiveClose() == 1009)
            }
        }
    }

    @Test func `a close is answered with its code`() async throws {
        try await LiveServer.run { server in
            try await WebSocketClient.open(server.port) { client in
                try await client.send([3, 232, 98, 121, 101], opcode: 8)
                #expect(try await client.receiveClose() == 1000)
                #expect(try await client.connection.readMore() == false)
            }
        }
    }

    @Test func `a wrong key is refused at the handshake or in the first message`() async throws {
        try await LiveServer.run(configure: { $0.apiKeys = ["k"] }) { server in
            try await RawConnection.open(server.port) { connection in
                try await connection.write(
                    WebSocketClient.handshake("Authorization: Bearer wrong\r\n"))
                let answer = try await connection.read(until: "}")
                #expect(answer.hasPrefix("HTTP/1.1 401 "))
                #expect(answer.hasSuffix(#"{"error":"Unauthorized"}"#))
            }
            for message in [#"{"prompt": "a"}"#, "{", #"{"type": "auth", "api_key": "x"}"#] {
                try await WebSocketClient.open(server.port) { client in
                    try await client.send(message)
                    #expect(try await client.receiveClose() == 1008)
                }
            }
            let request = #"{"id": 1, "prompt": "a", "max_tokens": 2}"#
            try await WebSocketClient.open(server.port) { client in
                try await client.send(#"{"type": "auth", "api_key": "k"}"#)
                try await client.send(request)
                #expect(try await client.collect([1]) == [1: "bc"])
            }
            try await WebSocketClient.open(
                server.port, headers: "Authorization: Bearer k\r\n"
            ) { client in
                try await client.send(request)
                #expect(try await client.collect([1]) == [1: "bc"])
            }
        }
    }

    @Test func `a client without a key is not waited for long`() async throws {
        try await LiveServer.run(configure: {
            $0.apiKeys = ["k"]
            $0.webSocketAuthenticationTimeout = .milliseconds(50)
        }) { server in
            let code = try await WebSocketClient.open(server.port) { try await $0.receiveClose() }
            #expect(code == 1008)
        }
    }

    @Test func `a client is pinged, and cut when it does not answer`() async throws {
        // Long enough for a busy machine to answer in.
        try await LiveServer.run(configure: { $0.webSocketPingInterval = .seconds(1) }) { server in
            try await WebSocketClient.open(server.port) { client in
                #expect(try await client.receive().opcode == 9)
                try await client.send([], opcode: 10)
                #expect(try await client.receive().opcode == 9)
                while try await client.connection.readMore() {}
            }
        }
    }
}
