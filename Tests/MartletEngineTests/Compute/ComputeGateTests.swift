import MartletEngine
import MartletTensor
import NIOConcurrencyHelpers
import NIOPosix
import Testing

/// Turns taken by real threads; the cooperative pool's must not block.
@Suite(.timeLimit(.minutes(1))) struct ComputeGateTests {
    @Test func `one thread computes at a time, and all get there`() async throws {
        let gate = ComputeGate()
        let inside = NIOLockedValueBox(0)
        let overlaps = NIOLockedValueBox(0)
        try await withThreads(4) { pool in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await pool.runIfActive {
                            let share = gate.join()
                            var count = 0
                            for _ in 0..<500 {
                                count += share.turn {
                                    let now = inside.withLockedValue { value in
                                        value += 1
                                        return value
                                    }
                                    if now != 1 { overlaps.withLockedValue { $0 += 1 } }
                                    inside.withLockedValue { $0 -= 1 }
                                    return 1
                                }
                            }
                            return count
                        }
                    }
                }
                for try await count in group { #expect(count == 500) }
            }
        }
        #expect(overlaps.withLockedValue { $0 } == 0)
    }

    @Test func `a turn passes its result and its error on, and is over after either`() {
        struct Failure: Error, Equatable {}
        let share = ComputeGate().join()
        #expect(share.turn { 42 } == 42)
        #expect(throws: Failure()) {
            try share.turn { () throws(Failure) in throw Failure() }
        }
        #expect(share.turnDuration == nil)
        #expect(share.turn { share.turnDuration != nil })
    }

    @Test func `time is measured with the clock that was given`() {
        let time = NIOLockedValueBox(Duration.zero)
        let gate = ComputeGate { time.withLockedValue { $0 } }
        let share = gate.join()
        #expect(!gate.isInUse(within: .seconds(1)))
        share.turn { time.withLockedValue { $0 += .seconds(3) } }
        #expect(share.usedTime == .seconds(3))
        #expect(gate.isInUse(within: .seconds(1)))
        time.withLockedValue { $0 += .seconds(2) }
        #expect(!gate.isInUse(within: .seconds(1)))
    }

    @Test func `an engine that hangs in its turn does not stop the others`() async throws {
        let resources = EngineResources(threadCount: 2)
        let (hung, other) = (resources.gate.join(), resources.gate.join())
        let entered = ConditionLock(value: false)
        let release = ConditionLock(value: false)
        try await withThreads(2) { pool in
            async let late: Void = pool.runIfActive {
                hung.turn {
                    resources.pool.run(chunkCount: 4) { _, _ in
                        entered.lock()
                        entered.unlock(withValue: true)
                        release.lock(whenValue: true)
                        release.unlock()
                    }
                }
            }
            // Even a free thread may only find out by waiting that nobody entered.
            try await pool.runIfActive {
                entered.lock(whenValue: true)
                entered.unlock()
            }
            async let sum = pool.runIfActive {
                other.turn {
                    let sum = NIOLockedValueBox(0)
                    resources.pool.run(chunkCount: 100) { chunk, _ in
                        sum.withLockedValue { $0 += chunk }
                    }
                    return sum.withLockedValue { $0 }
                }
            }
            try await Task.sleep(for: .milliseconds(5))
            #expect(resources.revoke(hung))
            #expect(try await sum == 4950)
            #expect(!resources.revoke(hung))
            release.lock()
            release.unlock(withValue: true)
            try await late
        }
        // The late end changed nothing.
        #expect(hung.turn { 1 } == 1)
    }

    private func withThreads<Result>(
        _ count: Int, _ body: (NIOThreadPool) async throws -> Result
    ) async throws -> Result {
        let pool = NIOThreadPool(numberOfThreads: count)
        pool.start()
        let result: Result
        do {
            result = try await body(pool)
        } catch {
            try await pool.shutdownGracefully()
            throw error
        }
        try await pool.shutdownGracefully()
        return result
    }
}
