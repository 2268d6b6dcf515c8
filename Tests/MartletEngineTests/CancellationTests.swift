import MartletEngine
import MartletEngineTestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct CancellationTests {
    @Test func `cancelling the reading task frees the request's blocks`() async throws {
        try await TestEngine.slow().withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 200))
            let task = Task { try await stream.collect() }
            try await Task.sleep(for: .milliseconds(20))
            task.cancel()
            await #expect(throws: CancellationError.self) { try await task.value }
            #expect(try await engine.settles())
            #expect(engine.statistics.finishedCounts == [.abort: 1])
        }
    }

    @Test func `letting go of a stream frees the request's blocks`() async throws {
        try await TestEngine.slow().withEngine { engine in
            for _ in 0..<5 {
                let stream = try await engine.generate(.text("Hello", count: 200))
                for try await _ in stream { break }
            }
            #expect(try await engine.settles())
            #expect(engine.statistics.finishedCounts == [.abort: 5])
        }
    }

    @Test func `a cancelled stream ends with abort`() async throws {
        try await TestEngine.slow().withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 200))
            var last: FinishReason?
            for try await output in stream {
                last = output.finishReason ?? last
                stream.cancel()
            }
            #expect(last == .abort)
            #expect(try await engine.settles())
        }
    }

    @Test func `two readers of one stream are told so`() async throws {
        let settings = TestEngine.slow()
        try await settings.withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 250))
            await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 {
                    group.addTask { (try? await stream.collect()) != nil }
                }
                #expect(await group.next() == false)
                settings.hurry()
                await group.waitForAll()
            }
            #expect(try await engine.settles())
        }
    }

    @Test func `200 streams cut mid-generation leave nothing behind`() async throws {
        try await TestEngine(blockCount: 80).withEngine { engine in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<200 {
                    group.addTask {
                        var left = index % 21
                        let request = GenerationRequest.text("prompt \(index)", count: 60)
                        for try await _ in try await engine.generate(request) {
                            left -= 1
                            if left < 0 { break }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await engine.settles())
            #expect(engine.statistics.finishedCounts.values.reduce(0, +) == 200)
        }
    }
}
