import Logging
import MartletEngine
import ServiceLifecycle
import Testing

@Suite(.timeLimit(.minutes(2))) struct EngineLifeTests {
    @Test func `an engine that is not started, or stopped, says so`() async throws {
        let engine = TestEngine().make()
        #expect(engine.state == .idle)
        let early = await #expect(throws: EngineError.self) {
            try await engine.generate(.text("Hello", count: 1))
        }
        #expect(early?.code == .engineStopped)
        try await engine.start()
        try await engine.start()
        #expect(engine.state == .ready)
        await engine.stop()
        await engine.stop()
        #expect(engine.state == .stopped)
        let late = await #expect(throws: EngineError.self) {
            try await engine.generate(.text("Hello", count: 1))
        }
        #expect(late?.code == .engineStopped)
        await #expect(throws: EngineError.self) { try await engine.start() }
    }

    @Test func `an engine that never started stops as often as it is asked to`() async throws {
        let engine = TestEngine().make()
        await engine.stop()
        await engine.stop()
        #expect(engine.state == .stopped)
        await #expect(throws: EngineError.self) { try await engine.resetPrefixCache() }
    }

    @Test func `resetting the prefix cache forgets what was computed`() async throws {
        let idle = TestEngine().make()
        await #expect(throws: EngineError.self) { try await idle.resetPrefixCache() }
        try await TestEngine().withEngine { engine in
            let request = GenerationRequest.text("a prompt of several blocks", count: 1)
            _ = try await engine.generate(request).collect()
            #expect(try await engine.resetPrefixCache())
            let result = try await engine.generate(request).collect()
            #expect(result.cachedTokenCount == 0)
            let again = try await engine.generate(request).collect()
            #expect(again.cachedTokenCount > 0)
        }
    }

    @Test func `a model that cannot be loaded fails every waiting caller`() async throws {
        let engine = AsyncEngine(
            configuration: AsyncEngineConfiguration(model: "/nowhere/at/all"))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<10 {
                group.addTask {
                    let error = await #expect(throws: EngineError.self) { try await engine.start() }
                    #expect(error?.code == .loadingFailed)
                }
            }
        }
        guard case .failed = engine.state else {
            Issue.record("expected failed, found \(engine.state)")
            return
        }
        await engine.stop()
    }

    @Test func `stopping ends open requests with abort`() async throws {
        let engine = TestEngine.slow().make()
        try await engine.start()
        let stream = try await engine.generate(.text("Hello", count: 200))
        async let result = stream.collect()
        try await Task.sleep(for: .milliseconds(30))
        await engine.stop()
        let completion = try await result.completions[0]
        #expect(completion.finishReason == .abort)
        #expect(completion.tokenIDs.count < 200)
        #expect(engine.openRequestCount == 0)
    }

    @Test func `draining finishes what is open and admits no more`() async throws {
        let settings = TestEngine.slow()
        try await settings.withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 100))
            async let drained = engine.drain(timeout: .seconds(50))
            while engine.state != .draining { await Task.yield() }
            settings.hurry()
            await #expect(throws: EngineError.self) {
                try await engine.generate(.text("Hello", count: 1))
            }
            let result = try await stream.collect()
            #expect(result.completions[0].finishReason == .length)
            #expect(await drained)
        }
    }

    @Test func `draining gives up after its timeout`() async throws {
        try await TestEngine.slow().withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 250))
            #expect(await engine.drain(timeout: .milliseconds(50)) == false)
            stream.cancel()
        }
    }

    @Test func `as a service it stops with its group`() async throws {
        let engine = TestEngine().make()
        let group = ServiceGroup(
            configuration: .init(
                services: [
                    .init(service: engine, successTerminationBehavior: .gracefullyShutdownGroup)
                ],
                logger: Logger(label: "test")))
        async let running: Void = group.run()
        while engine.state != .ready { try await Task.sleep(for: .milliseconds(1)) }
        await group.triggerGracefulShutdown()
        try await running
        #expect(engine.state == .stopped)
    }

    @Test func `an engine that is let go ends by itself`() async throws {
        weak var weakEngine: AsyncEngine?
        let stream: GenerationStream
        do {
            let engine = TestEngine().make()
            weakEngine = engine
            try await engine.start()
            stream = try await engine.generate(.text("Hello", count: 2))
        }
        #expect(weakEngine == nil)
        // What was admitted still ends, one way or the other.
        _ = try await stream.collect()
    }
}
