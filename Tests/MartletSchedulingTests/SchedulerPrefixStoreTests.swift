import MartletScheduling
import Testing

struct SchedulerPrefixStoreTests {
    private let prompt = (0..<13).map { Int32($0) }
    private let root = PrefixKey(low: 0, high: 0)

    @Test func `published blocks are handed out once, parents first`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: prompt)
        try fixture.add(2, tokens: Array(50..<58), salt: "a")
        let batch = try fixture.step()
        let keys = fixture.scheduler.prefixKeys(of: prompt)
        let table = try #require(batch.sequences.first?.blockTable)
        let first = fixture.scheduler.takeUnsavedBlocks(limit: 2)
        #expect(first.map(\.key) == Array(keys.prefix(2)))
        #expect(first.map(\.parent) == [root, keys[0]])
        #expect(first.map(\.tokens) == [[0, 1, 2, 3], [4, 5, 6, 7]])
        #expect(first.map(\.block) == Array(table.prefix(2)))
        // Blocks with a salt do not leave the cache.
        let rest = fixture.scheduler.takeUnsavedBlocks(limit: 100)
        #expect(rest.map(\.key) == [keys[2]])
        #expect(fixture.scheduler.takeUnsavedBlocks(limit: 100) == [])
        fixture.finish(1)
        try fixture.add(3, tokens: prompt)
        try fixture.step()
        #expect(fixture.scheduler.takeUnsavedBlocks(limit: 100) == [])
    }

    @Test func `blocks whose content is gone are not handed out`() throws {
        var fixture = SchedulerFixture(blockCount: 4, tracksEvictions: true)
        try fixture.add(1, tokens: prompt)
        try fixture.step()
        fixture.finish(1)
        let keys = fixture.scheduler.prefixKeys(of: prompt)
        try fixture.add(2, count: 9)
        try fixture.step()
        #expect(fixture.scheduler.takeEvictedKeys() == [keys[2], keys[1]])
        #expect(fixture.scheduler.takeEvictedKeys() == [])
        let own = (0..<9).map { 20_000 + Int32($0) }
        let expected = [keys[0]] + fixture.scheduler.prefixKeys(of: own)
        #expect(fixture.scheduler.takeUnsavedBlocks(limit: 100).map(\.key) == expected)
    }

    @Test func `evictions are not kept unless asked for`() throws {
        var fixture = SchedulerFixture(blockCount: 4)
        try fixture.add(1, tokens: prompt)
        try fixture.step()
        fixture.finish(1)
        try fixture.add(2, count: 9)
        try fixture.step()
        #expect(fixture.scheduler.takeEvictedKeys() == [])
    }

    @Test func `restored blocks are found, and follow what is cached already`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: Array(prompt.prefix(5)))
        try fixture.step()
        fixture.finish(1)
        #expect(fixture.scheduler.cachedBlockCount(of: prompt) == 1)
        let targets = fixture.scheduler.restoreTargets(tokens: prompt, blockCount: 3, from: 1)
        try fixture.scheduler.checkInvariants()
        #expect(targets.map(\.index) == [1, 2])
        #expect(fixture.scheduler.statistics.freeBlockCount == 100)
        #expect(fixture.scheduler.takeUnsavedBlocks(limit: 100).map(\.tokens) == [[0, 1, 2, 3]])
        try fixture.add(2, tokens: prompt)
        let entry = try #require(try fixture.step().sequences.first)
        #expect(entry.startPosition == 12)
        #expect(Array(entry.blockTable[1...2]) == targets.map(\.block))
    }

    @Test func `a restore takes the leading blocks, as many as are free`() throws {
        var fixture = SchedulerFixture(blockCount: 5)
        try fixture.add(1, count: 9)
        try fixture.step()
        let held = try #require(try fixture.step().sequences.first?.blockTable)
        let targets = fixture.scheduler.restoreTargets(tokens: prompt, blockCount: 3, from: 0)
        #expect(targets.map(\.index) == [0, 1])
        #expect(Set(targets.map(\.block)).isDisjoint(with: held))
        #expect(fixture.scheduler.cachedBlockCount(of: prompt) == 2)
        // What is there must not make room for what follows it.
        #expect(fixture.scheduler.restoreTargets(tokens: prompt, blockCount: 3, from: 0) == [])
        #expect(fixture.scheduler.cachedBlockCount(of: prompt) == 2)
    }

    @Test func `nothing is restored after a gap, or without a cache`() throws {
        var fixture = SchedulerFixture()
        #expect(fixture.scheduler.restoreTargets(tokens: prompt, blockCount: 3, from: 1) == [])
        var uncached = SchedulerFixture(enablesPrefixCaching: false)
        #expect(uncached.scheduler.restoreTargets(tokens: prompt, blockCount: 3, from: 0) == [])
        #expect(uncached.scheduler.prefixKeys(of: prompt) == [])
        #expect(uncached.scheduler.takeUnsavedBlocks(limit: 1) == [])
    }

    @Test func `a reset leaves nothing to save`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: prompt)
        try fixture.step()
        fixture.scheduler.resetPrefixCache()
        #expect(fixture.scheduler.takeUnsavedBlocks(limit: 100) == [])
    }

    @Test func `what nobody saves does not pile up`() throws {
        var fixture = SchedulerFixture(blockCount: 4)
        for number in 1...100 as ClosedRange<UInt64> {
            try fixture.add(number, count: 12)
            try fixture.step()
            fixture.finish(number)
        }
        // The invariants bound the queue; what is left in it is what is cached.
        #expect(fixture.scheduler.takeUnsavedBlocks(limit: 1000).count == 4)
    }
}
