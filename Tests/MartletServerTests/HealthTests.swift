import MartletEngine
import MartletJSON
import MartletServer
import Synchronization
import Testing

@Suite struct HealthTests {
    private let short = #"{"prompt": "a", "max_tokens": 2, "temperature": 0}"#

    @Test func `an engine that is stuck in a step is unhealthy until it goes on`() async throws {
        var application = TestApplication()
        let start = ContinuousClock.now
        let elapsed = Mutex(Duration.zero)
        let clock = EngineClock { start + elapsed.withLock { $0 } }
        application.model = TestModel(clock: clock) { $0.stepTimeout = .seconds(10) }
        let pace = application.model.pace
        pace.holds = true
        try await application.run { [application] client in
            async let answer = client.post("/generate", short)
            while application.model.engine.health.stepAge == nil {
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(try await client.get("/health").status == 200)
            elapsed.withLock { $0 = .seconds(11) }
            let health = try await client.get("/health")
            #expect(health.status == 503)
            let body = try JSONValue(parsing: health.text)
            #expect(body["status"] == "stuck")
            let model = body["models"]?.array?.first
            #expect(model?["id"] == "tiny")
            #expect(model?["condition"] == "stuck")
            #expect(model?["step_age"]?.double == 11)
            #expect(try await client.get("/ready").text.contains(#""status":"stuck""#))
            pace.holds = false
            #expect(try await answer.text == #"{"text":["abc"]}"#)
            #expect(try await client.get("/health").status == 200)
            #expect(try await client.get("/ready").status == 200)
        }
    }

    @Test func `an engine whose steps all fail is unhealthy until one succeeds`() async throws {
        let application = TestApplication()
        application.model.pace.fails = true
        try await application.run { client in
            for _ in 0..<3 {
                #expect(try await client.get("/health").status == 200)
                #expect(try await client.post("/generate", short).status == 500)
            }
            let health = try await client.get("/health")
            #expect(health.status == 503)
            #expect(health.text.contains(#""status":"failing""#))
            application.model.pace.fails = false
            #expect(try await client.post("/generate", short).status == 200)
            #expect(try await client.get("/health").status == 200)
        }
    }

    @Test func `a full engine is healthy and not ready`() async throws {
        var application = TestApplication()
        application.model = TestModel {
            $0.maximumConcurrentRequestCount = 1
            $0.maximumQueueSize = 0
        }
        application.model.pace.delay = .milliseconds(4)
        try await application.run { [application] client in
            async let answer = client.post("/generate", #"{"prompt": "a", "max_tokens": 50}"#)
            while !application.model.engine.isOverloaded {
                try await Task.sleep(for: .milliseconds(1))
            }
            #expect(try await client.get("/health").status == 200)
            let ready = try await client.get("/ready")
            #expect(ready.status == 503)
            #expect(ready.text.contains(#""status":"overloaded""#))
            #expect(try await answer.status == 200)
            #expect(try await client.get("/ready").status == 200)
        }
    }

    @Test func `of several models, one that is still loading keeps nobody waiting`() async throws {
        let gate = Gate()
        let model = TestModel()
        try await LiveServer.run(
            model, others: [TestModel("other", gate: gate)], waits: false
        ) { server in
            defer { gate.open() }
            while server.models.statuses.map(\.state) != [.ready, .loading(fraction: 0)] {
                try await Task.sleep(for: .milliseconds(1))
            }
            try await RawConnection.open(server.port) { connection in
                for path in ["/health", "/ready"] {
                    try await connection.write("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n")
                    let answer = try await connection.read(until: "]}")
                    #expect(answer.hasPrefix("HTTP/1.1 200 "))
                    #expect(answer.contains(#""state":"loading""#))
                }
                try await connection.post("/generate", short)
                #expect(try await connection.read(until: "]}").contains("abc"))
                try await connection.post("/generate", #"{"prompt": "a", "model": "other"}"#)
                #expect(try await connection.read(until: "}}").contains("still loading"))
            }
        }
    }
}
