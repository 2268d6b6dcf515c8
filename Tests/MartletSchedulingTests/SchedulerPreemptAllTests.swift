import MartletScheduling
import Testing

struct SchedulerPreemptAllTests {
    @Test func `when the memory is lost everything is computed anew`() throws {
        var fixture = SchedulerFixture()
        for number in 1...2 as ClosedRange<UInt64> { try fixture.add(number, count: 9) }
        try fixture.step()
        fixture.scheduler.preemptAll()
        try fixture.scheduler.checkInvariants()
        #expect(fixture.scheduler.runningCount == 0)
        #expect(fixture.scheduler.statistics.freeBlockCount == 100)
        let batch = try fixture.step()
        #expect(batch.shares == [[1, 10], [2, 10]])
        #expect(batch.started.isEmpty)
    }

    @Test func `blocks are replaced, and evictions told as before`() throws {
        var fixture = SchedulerFixture(tracksEvictions: true)
        try fixture.add(1, count: 9)
        try fixture.step()
        fixture.scheduler.preemptAll()
        fixture.scheduler.replaceBlocks(count: 3)
        #expect(try fixture.step().shares == [[1, 10]])
        fixture.finish(1)
        try fixture.add(2, count: 9)
        try fixture.step()
        #expect(fixture.scheduler.takeEvictedKeys().count == 2)
    }

    @Test func `a sequence too long for fewer blocks is given up`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, count: 9)
        try fixture.add(2, count: 4)
        fixture.scheduler.replaceBlocks(count: 2)
        #expect(try fixture.step().unschedulable == [SequenceID(rawValue: 1)])
        fixture.finish(1)
        #expect(try fixture.step().shares == [[2, 4]])
    }
}
