import MartletScheduling
import Testing

struct ScheduledTokensTests {
    @Test(arguments: [[], [7], [7, 8], [1, 2, 3, 4, 5]] as [[Int32]])
    func `hold what they were made of`(tokens: [Int32]) {
        let scheduled = ScheduledTokens(tokens)
        #expect(scheduled.elementsEqual(tokens))
        #expect(scheduled.count == tokens.count)
        #expect(scheduled.last == tokens.last)
        #expect(scheduled == ScheduledTokens(tokens[...]))
        #expect(scheduled != ScheduledTokens(tokens + [9]))
    }

    @Test func `a batch that is kept does not change with the steps after it`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, count: 5)
        try fixture.add(2, count: 3)
        let first = try fixture.step()
        let second = try fixture.step()
        fixture.finish(1)
        let third = try fixture.step()
        #expect(first.sequences.map(\.tokens.count) == [5, 3])
        #expect(first.started.map(\.rawValue) == [1, 2])
        #expect(second.sequences.map(\.startPosition) == [5, 3])
        #expect(second.started.isEmpty)
        #expect(third.sequences.map(\.id.rawValue) == [2])
    }
}
