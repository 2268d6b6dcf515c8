import MartletScheduling
import Testing

struct SchedulerPriorityTests {
    @Test func `waiting makes up for priority`() throws {
        for (arrival, expected) in [(999, 2), (1000, 1), (1500, 1)] as [(UInt64, UInt64)] {
            var fixture = SchedulerFixture(
                maximumSequenceCount: 1, policy: .priority, agingInterval: 1000)
            try fixture.add(1, count: 1, priority: 1)
            try fixture.add(2, count: 1, arrival: arrival)
            #expect(try fixture.step().sequences.map(\.id.rawValue) == [expected])
        }
    }

    @Test func `extreme priorities and times keep their order`() throws {
        var fixture = SchedulerFixture(
            maximumSequenceCount: 6, policy: .priority, agingInterval: .max)
        let priorities = [Int.max, .max - 1, 0, .min + 1, .min]
        for (index, priority) in priorities.enumerated() {
            try fixture.add(
                UInt64(index), count: 1, priority: priority, arrival: .max - UInt64(index))
        }
        try fixture.add(5, count: 1, priority: .min)
        #expect(try fixture.step().sequences.map(\.id.rawValue) == [5, 4, 3, 2, 1, 0])
    }

    @Test func `a waiting sequence takes the place of a less important one`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 2, policy: .priority)
        try fixture.add(1, count: 6, priority: 5)
        try fixture.add(2, count: 6, priority: 5)
        try fixture.step()
        try fixture.add(3, count: 2, priority: 4)
        let batch = try fixture.step()
        #expect(batch.preempted == [SequenceID(rawValue: 2)])
        #expect(batch.shares == [[1, 1], [3, 2]])
        // Nobody takes anything back.
        for _ in 0..<3 { #expect(try fixture.step().shares == [[3, 1], [1, 1]]) }
        fixture.finish(3)
        let resumed = try fixture.step()
        #expect(resumed.shares == [[1, 1], [2, 3]])
        #expect(resumed.sequences.last?.startPosition == 4)
    }

    @Test func `an equal priority takes no place, however early it came`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 1, policy: .priority)
        try fixture.add(1, count: 1, priority: 1, arrival: 100)
        try fixture.step()
        try fixture.add(2, count: 1, priority: 1, arrival: 0)
        #expect(try fixture.step().shares == [[1, 1]])
    }

    @Test func `who has waited long enough keeps its place from the more important`() throws {
        var fixture = SchedulerFixture(
            maximumSequenceCount: 1, policy: .priority, agingInterval: 1000)
        try fixture.add(1, count: 1, priority: 1)
        try fixture.step()
        try fixture.add(2, count: 1, priority: 0, arrival: 2000)
        #expect(try fixture.step().shares == [[1, 1]])
    }

    @Test func `as many give way as free enough blocks, or none`() throws {
        for (count, expected) in [(8, [3]), (13, [3, 2]), (21, [])] as [(Int, [UInt64])] {
            var fixture = SchedulerFixture(
                blockCount: 6, enablesPrefixCaching: false, policy: .priority)
            try fixture.add(1, count: 3, priority: 0)
            try fixture.add(2, count: 7, priority: 2)
            try fixture.add(3, count: 7, priority: 2)
            try fixture.step()
            try fixture.add(4, count: count, priority: 1)
            let batch = try fixture.step()
            #expect(batch.preempted.map(\.rawValue) == expected)
            #expect(batch.started.isEmpty == expected.isEmpty)
        }
    }

    @Test func `as many may start as before when one takes another's place`() throws {
        var fixture = SchedulerFixture(
            maximumSequenceCount: 4, startingSequenceCountMax: 2, policy: .priority)
        try fixture.add(1, count: 12, priority: 1)
        try fixture.add(2, count: 8, priority: 1)
        try fixture.step()
        try fixture.add(3, count: 2, priority: 0)
        try fixture.add(4, count: 2, priority: 1)
        let batch = try fixture.step()
        #expect(batch.preempted == [SequenceID(rawValue: 2)])
        #expect(batch.started == [SequenceID(rawValue: 3)])
        // The displaced one may go on, the fourth may not start.
        #expect(try fixture.step().sequences.map(\.id.rawValue) == [3, 1, 2])
        // Now more run than may start, so that even the most urgent one takes no place.
        try fixture.add(5, count: 2, priority: 0)
        #expect(try fixture.step().preempted.isEmpty)
    }

    @Test func `an urgent prompt goes before the chunks of a long one`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 10, policy: .priority)
        try fixture.add(1, count: 40, priority: 1)
        #expect(try fixture.step().shares == [[1, 10]])
        try fixture.add(2, count: 4, priority: 0)
        #expect(try fixture.step().shares == [[2, 4], [1, 6]])
        #expect(try fixture.step().shares == [[2, 1], [1, 9]])
    }
}
