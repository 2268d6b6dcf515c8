import MartletEngine
import NIOConcurrencyHelpers
import Testing

@Suite(.timeLimit(.minutes(1))) struct SlowReaderTests {
    @Test func `output that nobody takes is bounded in size`() async throws {
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.maximumUnreadByteCount = 1000
        try await expectCut(configuration) { manual in for _ in 0..<100 { manual.turn() } }
    }

    @Test func `output that nobody takes is bounded in time`() async throws {
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.readerTimeout = .seconds(10)
        try await expectCut(configuration) { manual in
            manual.turn()
            manual.clock.advance(by: .seconds(11))
            manual.turn()
        }
    }

    private func expectCut(
        _ configuration: AsyncEngineConfiguration, _ turns: (ManualEngine) -> Void
    ) async throws {
        let log = EventLog()
        let manual = ManualEngine(configuration: configuration, observers: [log])
        try await manual.engine.start()
        let stream = try await manual.engine.generate(.text("Hello", count: 200))
        let cutCount = NIOLockedValueBox(0)
        stream.whenCut { cutCount.withLockedValue { $0 += 1 } }
        turns(manual)
        #expect(manual.engine.openRequestCount == 0)
        #expect(cutCount.withLockedValue { $0 } == 1)
        #expect(log.outcomes == [.cancelled(.slowReader)])
        let error = await #expect(throws: EngineError.self) { try await stream.collect() }
        #expect(error?.code == .readerTooSlow)
        await manual.stop()
    }

    @Test func `a reader that keeps up is never cut`() async throws {
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.maximumUnreadByteCount = 200
        configuration.readerTimeout = .seconds(2)
        let manual = ManualEngine(configuration: configuration)
        try await manual.engine.start()
        let stream = try await manual.engine.generate(.text("Hello", count: 100))
        var iterator = stream.makeAsyncIterator()
        var count = 0
        manual.turn()
        while let output = try await iterator.next() {
            count += output.tokenIDs.count
            manual.clock.advance(by: .seconds(1))
            manual.turn()
        }
        #expect(count == 100)
        await manual.stop()
    }
}
