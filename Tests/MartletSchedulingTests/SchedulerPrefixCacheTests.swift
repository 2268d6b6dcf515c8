import MartletScheduling
import Testing

struct SchedulerPrefixCacheTests {
    private let prompt = (0..<10).map { Int32($0) }

    @Test func `a second prompt takes what the first computed`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: prompt)
        let first = try #require(try fixture.step().sequences.first)
        try fixture.add(2, tokens: Array(prompt.prefix(9)) + [77])
        let second = try #require(try fixture.step().sequences.last)
        #expect(second.startPosition == 8)
        #expect(second.cachedTokenCount == 8)
        #expect(second.tokens == [8, 77])
        #expect(second.blockTable.prefix(2) == first.blockTable.prefix(2))
        #expect(second.blockTable[2] != first.blockTable[2])
        let statistics = fixture.scheduler.statistics
        #expect(statistics.prefixCacheQueriedTokenCount == 20)
        #expect(statistics.prefixCacheHitTokenCount == 8)
        #expect(statistics.usedBlockCount == 4)
    }

    @Test func `the same prompt again computes one block less than all, at most`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: Array(prompt.prefix(8)))
        try fixture.step()
        fixture.finish(1)
        try fixture.add(2, tokens: Array(prompt.prefix(8)))
        let entry = try #require(try fixture.step().sequences.first)
        #expect(entry.startPosition == 4)
        #expect(entry.samples)
    }

    @Test func `a conversation goes on from its answer`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: prompt)
        for _ in 0..<8 { try fixture.step() }
        fixture.finish(1)
        let answer = Array(repeating: 1000 as Int32, count: 8)
        try fixture.add(2, tokens: prompt + answer + [5, 6])
        #expect(try fixture.step().sequences.first?.startPosition == 16)
    }

    @Test func `two prompts of one step do not read each other`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: prompt)
        try fixture.add(2, tokens: prompt, readsPrefixCache: false)
        let batch = try fixture.step()
        #expect(batch.shares == [[1, 10], [2, 10]])
        #expect(Set(batch.sequences.flatMap(\.blockTable)).count == 6)
    }

    @Test func `a step that was not computed leaves nothing to find`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: prompt)
        _ = fixture.scheduler.schedule()
        fixture.finish(1)
        try fixture.add(2, tokens: prompt)
        #expect(try fixture.step().sequences.first?.startPosition == 0)
    }

    @Test func `a step that was computed is found though its sequence ended with it`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: prompt)
        _ = fixture.scheduler.schedule()
        fixture.scheduler.completeStep()
        fixture.finish(1)
        try fixture.add(2, tokens: prompt)
        #expect(try fixture.step().sequences.first?.startPosition == 8)
    }

    @Test func `salts, prompt logprobs and the switch keep sequences from the cache`() throws {
        for (enables, salt, wantsPromptLogprobs) in [
            (true, "a", false), (true, nil, true), (false, nil, false),
        ] as [(Bool, String?, Bool)] {
            var fixture = SchedulerFixture(enablesPrefixCaching: enables)
            try fixture.add(1, tokens: prompt)
            try fixture.step()
            let before = fixture.scheduler.statistics.prefixCacheQueriedTokenCount
            try fixture.add(
                2, tokens: prompt, salt: salt, wantsPromptLogprobs: wantsPromptLogprobs)
            #expect(try fixture.step().sequences.last?.startPosition == 0)
            let queried = fixture.scheduler.statistics.prefixCacheQueriedTokenCount - before
            #expect(queried == (salt == nil ? 0 : 10))
        }
    }

    @Test func `a reset forgets, also what running sequences compute later`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 6)
        try fixture.add(1, tokens: prompt)
        try fixture.step()
        let isComplete = fixture.scheduler.resetPrefixCache()
        #expect(!isComplete)
        for _ in 0..<8 { try fixture.step() }
        #expect(fixture.scheduler.statistics.cachedBlockCount == 0)
        fixture.finish(1)
        let isCompleteNow = fixture.scheduler.resetPrefixCache()
        #expect(isCompleteNow)
        try fixture.add(2, tokens: prompt)
        #expect(try fixture.step().sequences.first?.startPosition == 0)
    }

    @Test func `what is computed anew after a reset can be found`() throws {
        var fixture = SchedulerFixture(blockCount: 3)
        try fixture.add(1, count: 4)
        try fixture.add(2, count: 4)
        try fixture.step()
        fixture.scheduler.resetPrefixCache()
        #expect(try fixture.step().preempted == [SequenceID(rawValue: 2)])
        fixture.finish(1)
        let resumed = try fixture.step()
        #expect(resumed.shares == [[2, 5]])
        #expect(fixture.scheduler.statistics.cachedBlockCount == 1)
    }
}
