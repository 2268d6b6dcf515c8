import MartletScheduling
import Testing

struct SchedulerPreemptionTests {
    @Test func `the last to come gives way and resumes with every token`() throws {
        var fixture = SchedulerFixture(blockCount: 3, enablesPrefixCaching: false)
        try fixture.add(1, count: 4)
        try fixture.add(2, count: 3)
        try fixture.step()
        fixture.sampledToken = 2000
        #expect(try fixture.step().shares == [[1, 1], [2, 1]])
        // The first holds two blocks. The second has filled its one and finds no other.
        let batch = try fixture.step()
        #expect(batch.preempted == [SequenceID(rawValue: 2)])
        #expect(batch.shares == [[1, 1]])
        #expect(fixture.scheduler.statistics.preemptionCount == 1)
        #expect(fixture.scheduler.waitingCount == 1)
        fixture.finish(1)
        let resumed = try #require(try fixture.step().sequences.first)
        #expect(resumed.tokens == [20_000, 20_001, 20_002, 1000, 2000])
        #expect(resumed.startPosition == 0)
        #expect(resumed.samples)
    }

    @Test func `a preempted sequence goes before those that never ran`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 2, blockCount: 3)
        try fixture.add(1, count: 4)
        try fixture.add(2, count: 4)
        try fixture.add(3, count: 1)
        try fixture.step()
        #expect(try fixture.step().preempted == [SequenceID(rawValue: 2)])
        // There is a free block, which would do for the third.
        #expect(try fixture.step().shares == [[1, 1]])
        fixture.finish(1)
        #expect(try fixture.step().shares.first?.first == 2)
    }

    @Test func `the lowest priority gives way, even when it was scheduled first`() throws {
        var fixture = SchedulerFixture(blockCount: 3, policy: .priority)
        try fixture.add(1, count: 5, priority: 3)
        try fixture.step()
        try fixture.add(2, count: 4, priority: 1)
        try fixture.step()
        let batch = try fixture.step()
        #expect(batch.preempted == [SequenceID(rawValue: 1)])
        #expect(batch.shares == [[2, 1]])
        #expect(batch.totalTokenCount == 1)
    }

    @Test func `a preempted sequence may find its own blocks again`() throws {
        var fixture = SchedulerFixture(blockCount: 5)
        try fixture.add(1, count: 4)
        try fixture.add(2, count: 11)
        try fixture.step()
        try fixture.step()
        #expect(try fixture.step().preempted == [SequenceID(rawValue: 2)])
        fixture.finish(1)
        let resumed = try #require(try fixture.step().sequences.first)
        #expect(resumed.startPosition > 0)
        #expect(resumed.startPosition % 4 == 0)
        #expect(resumed.startPosition + resumed.tokens.count == 13)
        #expect(resumed.cachedTokenCount == 0)
    }

    @Test func `a sequence that fills the cache alone is given up, in every step`() throws {
        var fixture = SchedulerFixture(blockCount: 2)
        try fixture.add(1, count: 8)
        try fixture.add(2, count: 1)
        try fixture.step()
        for _ in 0..<2 {
            let batch = try fixture.step()
            #expect(batch.unschedulable == [SequenceID(rawValue: 1)])
            #expect(batch.isEmpty)
            #expect(batch.preempted.isEmpty)
        }
        fixture.finish(1)
        #expect(try fixture.step().shares == [[2, 1]])
    }

    @Test func `a sequence longer than the model's context is given up`() throws {
        var fixture = SchedulerFixture(maximumModelLength: 3)
        try fixture.add(1, count: 3)
        try fixture.add(2, count: 1)
        try fixture.step()
        let batch = try fixture.step()
        #expect(batch.unschedulable == [SequenceID(rawValue: 1)])
        #expect(batch.shares == [[2, 1]])
    }

    @Test func `a sequence that was preempted at the model's length is given up`() throws {
        var fixture = SchedulerFixture(maximumModelLength: 8, blockCount: 3)
        try fixture.add(1, count: 4)
        try fixture.add(2, count: 8)
        try fixture.step()
        #expect(try fixture.step().preempted == [SequenceID(rawValue: 2)])
        #expect(try fixture.step().unschedulable == [SequenceID(rawValue: 2)])
    }
}
