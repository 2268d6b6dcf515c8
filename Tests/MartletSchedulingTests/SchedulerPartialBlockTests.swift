import MartletScheduling
import Testing

struct SchedulerPartialBlockTests {
    private let prompt = (0..<10).map { Int32($0) }

    private func makeFixture(blockCount: Int = 100) -> SchedulerFixture {
        SchedulerFixture(blockCount: blockCount, reusesPartialBlocks: true)
    }

    @Test func `the beginning of a block is copied and only the rest computed`() throws {
        var fixture = makeFixture()
        try fixture.add(1, tokens: prompt)
        let first = try #require(try fixture.step().sequences.first)
        try fixture.add(2, tokens: [0, 1, 2, 3, 4, 5, 6, 77, 78])
        let batch = try fixture.step()
        let second = try #require(batch.sequences.last)
        #expect(second.startPosition == 7)
        #expect(second.cachedTokenCount == 7)
        #expect(second.tokens == [77, 78])
        #expect(second.blockTable[0] == first.blockTable[0])
        let copy = BlockCopy(
            source: first.blockTable[1], target: second.blockTable[1], tokenCount: 3)
        #expect(batch.copies == [copy])
        #expect(copy.source != copy.target)
        #expect(fixture.scheduler.statistics.prefixCacheHitTokenCount == 7)
        #expect(fixture.scheduler.statistics.prefixCacheCopiedTokenCount == 3)
        #expect(try fixture.step().copies.isEmpty)
    }

    @Test func `the same prompt again computes its last token alone`() throws {
        var fixture = makeFixture()
        try fixture.add(1, tokens: Array(prompt.prefix(8)))
        try fixture.step()
        fixture.finish(1)
        try fixture.add(2, tokens: Array(prompt.prefix(8)))
        let entry = try #require(try fixture.step().sequences.first)
        #expect(entry.startPosition == 7)
        #expect(entry.tokens == [7])
        #expect(entry.samples)
    }

    @Test func `the longest part is copied, of equal ones the latest`() throws {
        var fixture = makeFixture()
        for (number, tokens) in [[0, 1, 9, 9], [0, 1, 2, 9], [0, 1, 2, 8], [0, 7, 7, 7]]
            .enumerated()
        {
            try fixture.add(UInt64(number + 1), tokens: tokens.map { Int32($0) })
        }
        let blocks = try fixture.step().sequences.map { $0.blockTable[0] }
        try fixture.add(5, tokens: [0, 1, 2, 3, 4])
        let copy = try #require(try fixture.step().copies.first)
        #expect(copy.source == blocks[2])
        #expect(copy.tokenCount == 3)
    }

    @Test func `the last free block serves as it is`() throws {
        var fixture = makeFixture(blockCount: 1)
        try fixture.add(1, tokens: [0, 1, 2, 3])
        try fixture.step()
        fixture.finish(1)
        try fixture.add(2, tokens: [0, 1, 5])
        let batch = try fixture.step()
        #expect(batch.copies.isEmpty)
        #expect(batch.sequences.first?.startPosition == 2)
        #expect(batch.sequences.first?.blockTable == [0])
    }

    @Test func `a source is the last to be taken in its step`() throws {
        var fixture = makeFixture(blockCount: 4)
        try fixture.add(1, tokens: [0, 1, 2, 3])
        try fixture.add(2, tokens: [8, 8, 8, 8])
        try fixture.add(3, tokens: [9, 9, 9, 9])
        let blocks = try fixture.step().sequences.map { $0.blockTable[0] }
        for number in 1...3 as ClosedRange<UInt64> { fixture.finish(number) }
        try fixture.add(4, tokens: [0, 1, 2, 5, 6, 7, 5, 6, 7])
        let batch = try fixture.step()
        #expect(batch.copies.map(\.source) == [blocks[0]])
        #expect(batch.sequences.first?.blockTable.contains(blocks[0]) == false)
    }

    @Test func `salts, the switch and unread caches keep parts from being copied`() throws {
        for (salt, readsPrefixCache, reuses) in [
            ("a", nil, true), (nil, false, true), (nil, nil, false),
        ] as [(String?, Bool?, Bool)] {
            var fixture = SchedulerFixture(reusesPartialBlocks: reuses)
            try fixture.add(1, tokens: [0, 1, 2, 3, 4])
            try fixture.step()
            try fixture.add(2, tokens: [0, 1, 9], salt: salt, readsPrefixCache: readsPrefixCache)
            let batch = try fixture.step()
            #expect(batch.copies.isEmpty)
            #expect(batch.sequences.last?.startPosition == 0)
        }
    }
}
