import Dispatch
import MartletEngine
import MartletEngineTestSupport
import NIOConcurrencyHelpers
import Testing

@Suite(.timeLimit(.minutes(1))) struct BlockingTests {
    /// Runs `body` on a thread that no task owns.
    private func onThread<Result: Sendable>(
        _ body: @escaping @Sendable () throws -> Result
    ) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue(label: "plain thread").async {
                continuation.resume(with: .init { try body() })
            }
        }
    }

    private static func expected(_ text: String, count: Int) -> [Int32] {
        ShadowExecutor.continuation(of: text.utf8.map { Int32($0) }, count: count)
    }

    @Test func `a plain thread starts, asks and stops an engine`() async throws {
        let tokens = try await onThread {
            let engine = TestEngine().make()
            try engine.startBlocking()
            let pieces = NIOLockedValueBox<[Int32]>([])
            let result = try engine.generateBlocking(.text("Hello", count: 20)) { piece in
                pieces.withLockedValue { $0 += piece.tokenIDs }
            }
            try engine.stopBlocking()
            #expect(engine.state == .stopped)
            #expect(pieces.withLockedValue { $0 } == result.completions[0].tokenIDs)
            return result.completions[0].tokenIDs
        }
        #expect(tokens == Self.expected("Hello", count: 20))
    }

    @Test func `a task is told to await in place of holding its thread`() async throws {
        let engine = TestEngine().make()
        #expect(throws: EngineError.self) { try engine.startBlocking() }
        try await engine.start()
        do {
            _ = try engine.generateBlocking(.text("Hello", count: 1))
            Issue.record("held a thread of the pool")
        } catch let error as EngineError {
            #expect(error.code == .wouldBlock)
        }
        await engine.stop()
    }

    @Test func `what a reader throws ends the request`() async throws {
        struct Enough: Error {}
        try await TestEngine.slow().withEngine { engine in
            let stopped = await #expect(throws: Enough.self) {
                try await onThread {
                    try engine.generateBlocking(.text("Hello", count: 250)) { _ in throw Enough() }
                }
            }
            #expect(stopped != nil)
            let isQuiet = try await engine.settles()
            #expect(isQuiet)
        }
    }

    @Test func `an engine that was never started says so`() async throws {
        let engine = TestEngine().make()
        await #expect(throws: EngineError.self) {
            try await onThread { try engine.generateBlocking(.text("Hello", count: 1)) }
        }
    }
}
