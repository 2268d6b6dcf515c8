import Dispatch
import MartletEngine
import MartletEngineTestSupport
import NIOCore
import NIOPosix
import NIOConcurrencyHelpers
import Testing

/// The engine belongs to nobody's loop: any caller, anywhere, any number of engines.
@Suite(.serialized, .timeLimit(.minutes(5))) struct CallerTests {
    private static func ask(_ engine: AsyncEngine, _ caller: Int) async throws {
        let prompt = "caller \(caller % 40)"
        let count = 1 + caller % 9
        let result = try await engine.generate(.text(prompt, count: count)).collect()
        let expected = ShadowExecutor.continuation(
            of: prompt.utf8.map(Int32.init), count: count)
        guard result.completions[0].finishReason != .abort else { throw CancellationError() }
        #expect(result.completions[0].tokenIDs == expected)
    }

    @Test func `1,000 callers from tasks, threads and event loops`() async throws {
        try await TestEngine().withEngine { engine in
            let loops = MultiThreadedEventLoopGroup(numberOfThreads: 3)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for caller in 0..<400 {
                    group.addTask { try await Self.ask(engine, caller) }
                }
                for caller in 400..<600 {
                    let detached = Task.detached { try await Self.ask(engine, caller) }
                    group.addTask { try await detached.value }
                }
                for caller in 600..<800 {
                    let answer = loops.next().makeFutureWithTask {
                        try await Self.ask(engine, caller)
                    }
                    group.addTask { try await answer.get() }
                }
                for first in stride(from: 800, to: 1000, by: 20) {
                    group.addTask { try await Self.askFromThread(engine, first..<first + 20) }
                }
                try await group.waitForAll()
            }
            try await loops.shutdownGracefully()
            #expect(try await engine.settles())
            #expect(engine.statistics.finishedCounts == [.length: 1000])
        }
    }

    /// A thread that knows nothing of tasks: it starts one and blocks until that has an answer.
    private static func askFromThread(_ engine: AsyncEngine, _ callers: Range<Int>) async throws {
        let outcome = Outcome()
        await withCheckedContinuation { done in
            DispatchQueue(label: "caller").async {
                for caller in callers {
                    let answered = DispatchSemaphore(value: 0)
                    Task.detached {
                        do {
                            try await ask(engine, caller)
                        } catch {
                            outcome.note(error)
                        }
                        answered.signal()
                    }
                    answered.wait()
                }
                done.resume()
            }
        }
        try outcome.get()
    }

    /// The first error of several tasks.
    private final class Outcome: Sendable {
        private let error = NIOLockedValueBox<(any Error)?>(nil)

        func note(_ error: any Error) {
            self.error.withLockedValue { $0 = $0 ?? error }
        }

        func get() throws {
            if let error = error.withLockedValue({ $0 }) { throw error }
        }
    }

    @Test func `100 engines, created and destroyed under load`() async throws {
        for round in 0..<100 {
            let engine = TestEngine().make()
            async let starting: Void = engine.start()
            if round % 3 == 0 {
                // Stopped while it starts, or a moment after.
                await engine.stop()
                _ = try? await starting
                continue
            }
            try await starting
            await withTaskGroup(of: Void.self) { group in
                for caller in 0..<10 {
                    group.addTask { _ = try? await Self.ask(engine, caller) }
                }
                if round % 3 == 1 { await engine.stop() }
            }
            await engine.stop()
            #expect(engine.openRequestCount == 0)
            #expect(engine.state == .stopped)
        }
    }

    @Test func `the creator's end is not the engine's`() async throws {
        let engine = try await Task.detached {
            let engine = TestEngine().make()
            try await engine.start()
            return engine
        }.value
        try await Self.ask(engine, 1)
        let creator = Task {
            try await engine.generate(.text("Hello", count: 250))
        }
        let stream = try await creator.value
        creator.cancel()
        #expect(try await stream.collect().completions[0].tokenIDs.count == 250)
        await engine.stop()
    }
}
