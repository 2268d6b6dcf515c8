import MartletEngine
import MartletEngineTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
    private func withEngine(
        _ settings: TestEngine = TestEngine(), configuration: AsyncEngineConfiguration? = nil,
        _ body: (ManualEngine, EventLog) async throws -> Void
    ) async throws {
        let log = EventLog()
        let manual = ManualEngine(settings, configuration: configuration, observers: [log])
        try await manual.engine.start()
        try await body(manual, log)
        #expect(try await manual.engine.settles())
        await manual.stop()
    }

    @Test func `what is generated when the time is over is delivered`() async throws {
        try await withEngine { manual, log in
            var request = GenerationRequest.text("Hello", count: 100)
            request.timeout = .seconds(10)
            let stream = try await manual.engine.generate(request)
            for _ in 0..<5 { manual.turn() }
            manual.clock.advance(by: .seconds(11))
            manual.turn()
            let completion = try await stream.collect().completions[0]
            #expect(completion.finishReason == .timeout)
            #expect(completion.tokenIDs.count == 5)
            #expect(log.outcomes == [.finished(.timeout)])
        }
    }

    @Test func `a request that expires before its first token ends with an error`() async throws {
        try await withEngine { manual, log in
            var request = GenerationRequest.text("Hello", count: 100)
            request.timeout = .seconds(10)
            let stream = try await manual.engine.generate(request)
            manual.clock.advance(by: .seconds(11))
            manual.turn()
            let error = await #expect(throws: EngineError.self) { try await stream.collect() }
            #expect(error?.code == .deadlineExceeded)
            #expect(log.outcomes == [.failed(.deadlineExceeded)])
        }
    }

    @Test func `a request that waits too long is told when to come back`() async throws {
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.queueTimeout = .seconds(5)
        let settings = TestEngine(maximumSequenceCount: 1)
        try await withEngine(settings, configuration: configuration) { manual, _ in
            let first = try await manual.engine.generate(.text("Hello", count: 20))
            let second = try await manual.engine.generate(.text("Hello", count: 20))
            manual.turn()
            manual.clock.advance(by: .seconds(6))
            #expect(manual.finish())
            #expect(try await first.collect().completions[0].finishReason == .length)
            let error = await #expect(throws: EngineError.self) { try await second.collect() }
            #expect(error?.code == .queueTimeout)
            #expect(error?.retryAfter != nil)
        }
    }

    @Test func `the engine's own limit holds where a request sets none or a longer one`()
        async throws
    {
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.requestTimeout = .seconds(3)
        try await withEngine(configuration: configuration) { manual, _ in
            var request = GenerationRequest.text("Hello", count: 100)
            request.timeout = .seconds(100)
            let stream = try await manual.engine.generate(request)
            manual.turn()
            manual.clock.advance(by: .seconds(4))
            manual.turn()
            #expect(try await stream.collect().completions[0].finishReason == .timeout)
        }
    }

    @Test func `a sleeping core wakes up for a deadline`() async throws {
        let settings = TestEngine(maximumSequenceCount: 1)
        try await settings.withEngine { engine in
            try await engine.pause(.keep)
            var request = GenerationRequest.text("Hello", count: 3)
            request.timeout = .milliseconds(50)
            let stream = try await engine.generate(request)
            let error = await #expect(throws: EngineError.self) { try await stream.collect() }
            #expect(error?.code == .deadlineExceeded)
        }
    }
}
