import MartletEngine
import MartletEngineTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct FailureTests {
    @Test func `a failed step fails its requests, and those that waited go on`() async throws {
        let settings = TestEngine(maximumSequenceCount: 2)
        settings.controls.change { $0.failingSteps = [5] }
        let log = EventLog()
        let manual = ManualEngine(settings, observers: [log])
        try await manual.engine.start()
        var streams: [GenerationStream] = []
        for index in 0..<4 {
            streams.append(try await manual.engine.generate(.text("prompt \(index)", count: 20)))
        }
        #expect(manual.finish())
        for (index, stream) in streams.enumerated() {
            if index < 2 {
                let error = await #expect(throws: EngineError.self) { try await stream.collect() }
                #expect(error?.code == .stepFailed)
            } else {
                let prompt = "prompt \(index)".utf8.map { Int32($0) }
                #expect(
                    try await stream.collect().completions[0].tokenIDs
                        == ShadowExecutor.continuation(of: prompt, count: 20))
            }
        }
        #expect(settings.controls.change(\.restartCount) == 1)
        #expect(log.events.filter { $0.kind == .restarted }.count == 1)
        #expect(try await manual.engine.settles())
        await manual.stop()
    }

    @Test func `an engine whose steps all fail says so, until one succeeds`() async throws {
        let settings = TestEngine()
        settings.controls.change { $0.failingSteps = [1, 2, 3, 4] }
        let manual = ManualEngine(settings)
        try await manual.engine.start()
        for step in 1...5 {
            let stream = try await manual.engine.generate(.text("Hi", count: 1))
            manual.turn()
            if step < 5 {
                await #expect(throws: EngineError.self) { try await stream.collect() }
            } else {
                _ = try await stream.collect()
            }
            let isFailing = manual.engine.health.condition == .failing
            #expect(isFailing == (3...4).contains(step))
        }
        await manual.stop()
    }

    /// A started engine whose third step hangs, and counts as stuck after 200 ms.
    private func hangingEngine(
        _ settings: TestEngine
    ) async throws -> (AsyncEngine, ManualClock) {
        settings.controls.change { $0.hangingSteps = [3] }
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.stepTimeout = .milliseconds(200)
        let clock = ManualClock()
        let engine = settings.make(configuration: configuration, clock: clock.engineClock)
        try await engine.start()
        return (engine, clock)
    }

    @Test func `a step that hangs shows in the engine's health, and the core is made anew`()
        async throws
    {
        let settings = TestEngine(maximumSequenceCount: 1)
        let (engine, clock) = try await hangingEngine(settings)
        let hung = try await engine.generate(.text("Hello", count: 20))
        let waiting = try await engine.generate(.text("Hello", count: 20))
        while settings.controls.change(\.stepCount) < 3 {
            try await Task.sleep(for: .milliseconds(1))
        }
        #expect(engine.health.condition == .healthy)
        clock.advance(by: .milliseconds(300))
        #expect(engine.health.condition == .stuck)
        #expect(engine.health.stepAge == .milliseconds(300))
        clock.advance(by: .milliseconds(300))
        let error = await #expect(throws: EngineError.self) { try await hung.collect() }
        #expect(error?.code == .stepFailed)
        let prompt = "Hello".utf8.map { Int32($0) }
        #expect(
            try await waiting.collect().completions[0].tokenIDs
                == ShadowExecutor.continuation(of: prompt, count: 20))
        #expect(engine.health.condition == .healthy)
        #expect(try await engine.settles())
        // The old core comes back to closed doors.
        settings.controls.change { $0.hangingSteps = [] }
        try await Task.sleep(for: .milliseconds(20))
        #expect(try await engine.settles())
        await engine.stop()
    }

    @Test func `what a hung core was asked for is not lost`() async throws {
        let settings = TestEngine(maximumSequenceCount: 1)
        let (engine, clock) = try await hangingEngine(settings)
        let hung = try await engine.generate(.text("Hello", count: 20))
        let cancelled = try await engine.generate(.text("Hello", count: 20))
        let waiting = try await engine.generate(.text("Hello", count: 20))
        while settings.controls.change(\.stepCount) < 3 {
            try await Task.sleep(for: .milliseconds(1))
        }
        cancelled.cancel()
        async let reset = engine.resetPrefixCache()
        // The question has to be on its way before the core is given up.
        try await Task.sleep(for: .milliseconds(20))
        clock.advance(by: .milliseconds(600))
        await #expect(throws: EngineError.self) { try await hung.collect() }
        // Either the question was lost with the old core, and says so, or the new one answers it.
        do {
            _ = try await reset
        } catch {
            #expect((error as? EngineError)?.code == .stepFailed)
        }
        #expect(try await cancelled.collect().completions[0].finishReason == .abort)
        #expect(try await waiting.collect().completions[0].finishReason == .length)
        #expect(try await engine.settles())
        settings.controls.change { $0.hangingSteps = [] }
        await engine.stop()
    }
}
