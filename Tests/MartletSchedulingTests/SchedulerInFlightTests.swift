import MartletScheduling
import Testing

struct SchedulerInFlightTests {
    /// A thousand tokens that all begin with, and two of its own.
    private func prompt(_ number: Int32) -> [Int32] {
        Array(0..<1000) + [number, number]
    }

    @Test func `a hundred prompts compute their common prefix once`() throws {
        var fixture = SchedulerFixture(
            maximumSequenceCount: 128, maximumBatchedTokenCount: 512, maximumModelLength: 2000,
            blockSize: 16, blockCount: 1000)
        for number in 1...100 as ClosedRange<Int32> {
            try fixture.add(UInt64(number), tokens: prompt(number))
        }
        var promptTokenCount = 0
        var deferredCounts: [Int] = []
        for _ in 0..<5 {
            promptTokenCount += try fixture.step().sequences.reduce(0) {
                $0 + ($1.startPosition < 1002 ? $1.tokens.count : 0)
            }
            deferredCounts.append(fixture.deferredCount)
        }
        // Of the thousand tokens the last 8 do not fill a block, so that each computes its own.
        #expect(promptTokenCount == 1002 + 99 * 10)
        // In the first step the first prompt takes up the budget before anyone is looked at.
        #expect(deferredCounts == [0, 99, 0, 0, 0])
        #expect(fixture.scheduler.statistics.prefixCacheHitTokenCount == 99 * 992)
        #expect(fixture.scheduler.runningCount == 100)
    }

    @Test func `others go past one that waits for a prefix`() throws {
        var fixture = SchedulerFixture(longPrefillTokenThreshold: 8)
        try fixture.add(1, count: 20)
        try fixture.add(2, tokens: (0..<20).map { 10_000 + $0 })
        try fixture.add(3, count: 2)
        #expect(try fixture.step().shares == [[1, 8], [3, 2]])
        #expect(fixture.scheduler.waitingCount == 1)
        #expect(try fixture.step().shares == [[3, 1], [1, 8]])
        // The second takes 16 of its 20 tokens from the cache, since it must compute the last.
        #expect(try fixture.step().shares == [[3, 1], [1, 4], [2, 4]])
    }

    @Test func `the shared part alone is waited for`() throws {
        var fixture = SchedulerFixture(longPrefillTokenThreshold: 8)
        try fixture.add(1, count: 40)
        try fixture.add(2, tokens: (0..<10).map { 10_000 + $0 } + [1, 2, 3])
        try fixture.add(3, tokens: [10_000, 10_001, 10_002, 7, 8, 9])
        // The third shares less than a block.
        #expect(try fixture.step().shares == [[1, 8], [3, 6]])
        #expect(try fixture.step().shares == [[3, 1], [1, 8], [2, 5]])
    }

    @Test func `when the one that computes ends, the next takes over`() throws {
        var fixture = SchedulerFixture(longPrefillTokenThreshold: 12)
        for number in 1...3 as ClosedRange<UInt64> {
            try fixture.add(number, tokens: Array(0..<40))
        }
        #expect(try fixture.step().shares == [[1, 12]])
        fixture.scheduler.completeStep()
        fixture.finish(1)
        let batch = try fixture.step()
        #expect(batch.shares == [[2, 12]])
        #expect(batch.sequences.first?.startPosition == 12)
        #expect(fixture.deferredCount == 1)
        _ = fixture.scheduler.schedule()
        #expect(fixture.scheduler.statistics.deferredCount == 1)
        fixture.finish(3)
        #expect(fixture.scheduler.statistics.deferredCount == 0)
        try fixture.scheduler.checkInvariants()
    }

    @Test func `a reset lets those go that wait for a prefix`() throws {
        var fixture = SchedulerFixture(longPrefillTokenThreshold: 8)
        try fixture.add(1, tokens: Array(0..<40))
        try fixture.add(2, tokens: Array(0..<40))
        #expect(try fixture.step().shares == [[1, 8]])
        fixture.scheduler.resetPrefixCache()
        let batch = try fixture.step()
        #expect(batch.shares == [[1, 8], [2, 8]])
        #expect(batch.sequences.last?.startPosition == 0)
    }

    @Test func `who may not share a prefix does not wait for it`() throws {
        for (salt, readsPrefixCache, enables) in [
            ("a", nil, true), (nil, false, true), (nil, nil, false),
        ] as [(String?, Bool?, Bool)] {
            var fixture = SchedulerFixture(enablesPrefixCaching: enables)
            try fixture.add(1, tokens: Array(0..<20))
            try fixture.add(
                2, tokens: Array(0..<20), salt: salt, readsPrefixCache: readsPrefixCache)
            #expect(try fixture.step().shares == [[1, 20], [2, 20]])
        }
    }

    @Test func `colliding keys make nobody wait for another's tokens`() throws {
        var fixture = SchedulerFixture(
            prefixHasher: PrefixHasher(key0: 1, key1: 2, significantBitCount: 0))
        try fixture.add(1, count: 20)
        try fixture.add(2, count: 20)
        #expect(try fixture.step().shares == [[1, 20], [2, 20]])
    }

    @Test func `a leader is as urgent as its most urgent follower`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 8, policy: .priority)
        try fixture.add(1, tokens: Array(0..<24), priority: 5)
        try fixture.step()
        try fixture.add(2, count: 24, priority: 3)
        try fixture.add(3, tokens: Array(0..<24), priority: 1)
        // The third waits for the first, which therefore goes before the second.
        #expect(try fixture.step().shares == [[1, 8]])
        #expect(try fixture.step().shares == [[1, 8]])
        #expect(try fixture.step().sequences.map(\.id.rawValue) == [1, 3, 2])
    }
}
