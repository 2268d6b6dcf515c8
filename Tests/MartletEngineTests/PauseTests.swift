import MartletEngine
import MartletEngineTestSupport
import Testing

@Suite(.timeLimit(.minutes(1))) struct PauseTests {
    private static func expected(_ text: String, count: Int) -> [Int32] {
        ShadowExecutor.continuation(of: text.utf8.map { Int32($0) }, count: count)
    }

    @Test func `kept requests stand still and go on to the same tokens`() async throws {
        let settings = TestEngine.slow()
        try await settings.withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 150))
            async let result = stream.collect()
            while engine.statistics.runningCount == 0 {
                try await Task.sleep(for: .milliseconds(1))
            }
            try await engine.pause(.keep)
            #expect(engine.state == .paused)
            let stepCount = engine.statistics.stepCount
            let late = try await engine.generate(.text("later", count: 5))
            try await Task.sleep(for: .milliseconds(120))
            #expect(engine.statistics.stepCount == stepCount)
            #expect(engine.statistics.waitingCount == 1)
            settings.hurry()
            try await engine.resume()
            #expect(try await result.completions[0].tokenIDs == Self.expected("Hello", count: 150))
            #expect(try await late.collect().completions[0].finishReason == .length)
        }
    }

    @Test func `a pause may wait for what is open`() async throws {
        let settings = TestEngine.slow()
        try await settings.withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 10))
            try await engine.pause(.wait)
            #expect(engine.statistics.runningCount == 0)
            #expect(try await stream.collect().completions[0].finishReason == .length)
            try await engine.resume()
        }
    }

    @Test func `a pause may abort what is open`() async throws {
        let settings = TestEngine.slow()
        try await settings.withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 250))
            try await engine.pause(.abort)
            #expect(try await stream.collect().completions[0].finishReason == .abort)
            try await engine.resume()
            #expect(try await engine.settles())
        }
    }

    @Test func `a sleeping engine refuses, and wakes to the same tokens`() async throws {
        let settings = TestEngine.slow()
        try await settings.withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 100))
            async let result = stream.collect()
            try await Task.sleep(for: .milliseconds(10))
            try await engine.sleep(.keep)
            #expect(engine.state == .sleeping)
            #expect(engine.statistics.freeBlockCount == engine.statistics.blockCount)
            let error = await #expect(throws: EngineError.self) {
                try await engine.generate(.text("Hi", count: 1))
            }
            #expect(error?.code == .sleeping)
            await #expect(throws: EngineError.self) { try await engine.resume() }
            settings.hurry()
            try await engine.wakeUp()
            #expect(engine.state == .ready)
            #expect(try await result.completions[0].tokenIDs == Self.expected("Hello", count: 100))
            #expect(try await engine.settles())
        }
    }

    @Test func `a sleeping engine can be stopped`() async throws {
        let engine = TestEngine().make()
        try await engine.start()
        try await engine.sleep()
        await engine.stop()
        #expect(engine.state == .stopped)
    }

    @Test func `requests are aborted by their names`() async throws {
        let settings = TestEngine.slow()
        try await settings.withEngine { engine in
            var streams: [GenerationStream] = []
            for name in ["a", "b", "c"] {
                var request = GenerationRequest.text("Hello", count: 250)
                request.requestID = name
                streams.append(try await engine.generate(request))
            }
            #expect(try await engine.abort(requestIDs: ["b", "unknown"]) == 1)
            #expect(try await streams[1].collect().completions[0].finishReason == .abort)
            #expect(try await engine.abort() == 2)
            #expect(try await engine.settles())
        }
    }
}
