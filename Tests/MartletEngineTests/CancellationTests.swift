import MartletEngine
import Testing

@Suite(.timeLimit(.minutes(2))) struct CancellationTests {
    static let slow: TestEngine = {
        let settings = TestEngine()
        settings.controls.change { $0.delay = .milliseconds(1) }
        return settings
    }()

    @Test func `cancelling the reading task frees the request's blocks`() async throws {
        try await Self.slow.withEngine { engine in
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
        try await Self.slow.withEngine { engine in
            for _ in 0..<20 {
                let stream = try await engine.generate(.text("Hello", count: 200))
                for try await _ in stream { break }
            }
            #expect(try await engine.settles())
            #expect(engine.statistics.finishedCounts == [.abort: 20])
        }
    }

    @Test func `a cancelled stream ends with abort`() async throws {
        try await Self.slow.withEngine { engine in
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
        try await Self.slow.withEngine { engine in
            let stream = try await engine.generate(.text("Hello", count: 250))
            let outcomes = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<2 {
                    group.addTask { (try? await stream.collect()) != nil }
                }
                return await group.reduce(into: []) { $0.append($1) }
            }
            #expect(outcomes.contains(false))
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
