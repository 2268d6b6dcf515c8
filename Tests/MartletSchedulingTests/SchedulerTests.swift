import MartletScheduling
import Testing

struct SchedulerTests {
    @Test func `a sequence is prefilled, decodes token by token and ends`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, count: 5)
        let prefill = try #require(try fixture.step().sequences.first)
        #expect(prefill.tokens == [10_000, 10_001, 10_002, 10_003, 10_004])
        #expect(prefill.startPosition == 0)
        #expect(prefill.samples)
        #expect(prefill.blockTable.count == 2)
        for position in 5..<9 {
            fixture.sampledToken = Int32(position)
            let entry = try #require(try fixture.step().sequences.first)
            #expect(entry.tokens == [position == 5 ? 1000 : Int32(position - 1)])
            #expect(entry.startPosition == position)
            #expect(entry.blockTable.count == position / 4 + 1)
            #expect(Array(entry.blockTable.prefix(2)) == prefill.blockTable)
        }
        fixture.finish(1)
        #expect(!fixture.scheduler.hasUnfinishedSequences)
        #expect(fixture.scheduler.statistics.freeBlockCount == 100)
        #expect(try fixture.step().isEmpty)
    }

    @Test func `a prompt longer than the budget is computed in chunks`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 10)
        try fixture.add(1, count: 25)
        var starts: [Int] = []
        var samples: [Bool] = []
        for _ in 0..<3 {
            let entry = try #require(try fixture.step().sequences.first)
            starts.append(entry.startPosition)
            samples.append(entry.samples)
            #expect(entry.blockTable.count == (entry.startPosition + entry.tokens.count + 3) / 4)
        }
        #expect(starts == [0, 10, 20])
        #expect(samples == [false, false, true])
    }

    @Test func `running sequences come first and prompts get what is left`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 10)
        try fixture.add(1, count: 3)
        try fixture.add(2, count: 4)
        try fixture.step()
        try fixture.add(3, count: 20)
        try fixture.add(4, count: 2)
        #expect(try fixture.step().shares == [[1, 1], [2, 1], [3, 8]])
        #expect(try fixture.step().shares == [[1, 1], [2, 1], [3, 8]])
        let last = try fixture.step()
        #expect(last.shares == [[1, 1], [2, 1], [3, 4], [4, 2]])
        #expect(last.totalTokenCount == 8)
    }

    @Test func `a threshold keeps long prompts from the whole budget, unless alone`() throws {
        var fixture = SchedulerFixture(
            maximumBatchedTokenCount: 16, longPrefillTokenThreshold: 6)
        try fixture.add(1, count: 30)
        #expect(try fixture.step().shares == [[1, 16]])
        try fixture.add(2, count: 30)
        #expect(try fixture.step().shares == [[1, 6], [2, 6]])
    }

    @Test func `no more sequences run than may`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 2)
        for number in 1...3 as ClosedRange<UInt64> { try fixture.add(number, count: 2) }
        #expect(try fixture.step().shares == [[1, 2], [2, 2]])
        #expect(fixture.scheduler.runningCount == 2)
        #expect(fixture.scheduler.waitingCount == 1)
        fixture.finish(1)
        #expect(try fixture.step().shares == [[2, 1], [3, 2]])
    }

    @Test func `new sequences start below their limit`() throws {
        var fixture = SchedulerFixture(
            maximumSequenceCount: 3, startingSequenceCountMax: 2, blockCount: 4)
        for number in 1...4 as ClosedRange<UInt64> { try fixture.add(number, count: 4) }
        #expect(try fixture.step().started.map(\.rawValue) == [1, 2])
        #expect(try fixture.step().started.isEmpty)
        fixture.finish(1)
        #expect(try fixture.step().started.map(\.rawValue) == [3])
        #expect(try fixture.step().started.isEmpty)
    }

    @Test func `a preempted sequence goes on where new ones may not start`() throws {
        var fixture = SchedulerFixture(
            maximumSequenceCount: 3, startingSequenceCountMax: 2, blockCount: 5, policy: .priority)
        try fixture.add(1, count: 12)
        try fixture.add(2, count: 8)
        try fixture.step()
        #expect(try fixture.step().preempted == [SequenceID(rawValue: 2)])
        fixture.finish(1)
        for number in 3...5 as ClosedRange<UInt64> {
            try fixture.add(number, count: 1, priority: -1)
        }
        let batch = try fixture.step()
        #expect(batch.sequences.map(\.id.rawValue) == [3, 4, 2])
        #expect(batch.started.map(\.rawValue) == [3, 4])
    }

    @Test func `held tokens are counted once and tell the fragmentation`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, tokens: Array(0..<10))
        try fixture.step()
        #expect(fixture.scheduler.statistics.heldTokenCount == 10)
        #expect(fixture.scheduler.statistics.fragmentation == 1 - 10.0 / 12.0)
        try fixture.add(2, tokens: Array(0..<9))
        try fixture.step()
        // The first has grown to 11 tokens in three blocks; the second shares two of these.
        #expect(fixture.scheduler.statistics.heldTokenCount == 12)
        #expect(fixture.scheduler.statistics.usedBlockCount == 4)
    }

    @Test func `a prompt is admitted only when all of it fits`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 8, blockCount: 6)
        try fixture.add(1, count: 12)
        try fixture.add(2, count: 14)
        #expect(try fixture.step().shares == [[1, 8]])
        // Two blocks are held and four free, but one of these is promised to the first sequence.
        #expect(try fixture.step().shares == [[1, 4]])
        fixture.finish(1)
        #expect(try fixture.step().shares == [[2, 8]])
    }

    @Test func `what a prompt still needs is not given to another`() throws {
        var fixture = SchedulerFixture(blockCount: 6, longPrefillTokenThreshold: 4)
        try fixture.add(1, count: 16)
        try fixture.add(2, count: 9)
        try fixture.add(3, count: 4)
        // The second needs three blocks and finds five free, three of them promised.
        for _ in 0..<4 { #expect(try fixture.step().shares == [[1, 4]]) }
    }

    @Test func `headroom keeps room for running sequences to grow`() throws {
        for (headroom, expected, isAdmitted) in [
            (0, nil, true), (8, nil, false), (8, 5, true), (3, nil, true), (9, 13, false),
        ] as [(Int, Int?, Bool)] {
            var fixture = SchedulerFixture(blockCount: 4, admissionHeadroomTokenCount: headroom)
            try fixture.add(1, count: 5, expectedLengthMax: expected)
            try fixture.add(2, count: 8)
            #expect(try fixture.step().sequences.count == (isAdmitted ? 2 : 1))
        }
    }

    @Test func `headroom never stops a sequence that is alone`() throws {
        var fixture = SchedulerFixture(blockCount: 2, admissionHeadroomTokenCount: 64)
        try fixture.add(1, count: 8)
        #expect(try fixture.step().shares == [[1, 8]])
    }

    @Test func `a later sequence does not overtake one that does not fit`() throws {
        var fixture = SchedulerFixture(blockCount: 4)
        try fixture.add(1, count: 10)
        try fixture.add(2, count: 8)
        try fixture.add(3, count: 1)
        #expect(try fixture.step().shares == [[1, 10]])
        #expect(try fixture.step().shares == [[1, 1]])
    }

    @Test func `smaller priorities are admitted first, equal ones in order`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 3, policy: .priority)
        for (number, priority) in [(1, 5), (2, 0), (3, 5), (4, -1)] {
            try fixture.add(UInt64(number), count: 1, priority: priority)
        }
        #expect(try fixture.step().shares == [[4, 1], [2, 1], [1, 1]])
    }

    @Test func `first come first served ignores priorities`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 1)
        try fixture.add(1, count: 1, priority: 9)
        try fixture.add(2, count: 1, priority: -9)
        #expect(try fixture.step().shares == [[1, 1]])
    }

    @Test func `a sequence that waits for its token is left alone`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, count: 3)
        _ = fixture.scheduler.schedule()
        #expect(fixture.scheduler.schedule().isEmpty)
        let id = SequenceID(rawValue: 1)
        #expect(fixture.scheduler.append(7, to: id) == true)
        #expect(fixture.scheduler.append(8, to: id) == false)
        #expect(try fixture.step().sequences.map(\.tokens) == [[7]])
    }

    @Test func `a token for a sequence that finished meanwhile is ignored`() throws {
        var fixture = SchedulerFixture()
        try fixture.add(1, count: 3)
        _ = fixture.scheduler.schedule()
        fixture.finish(1)
        #expect(fixture.scheduler.append(7, to: SequenceID(rawValue: 1)) == false)
        #expect(fixture.scheduler.append(7, to: SequenceID(rawValue: 2)) == false)
        fixture.finish(1)
        fixture.finish(99)
        try fixture.scheduler.checkInvariants()
        #expect(!fixture.scheduler.hasUnfinishedSequences)
    }

    @Test func `prompt logprobs are asked for while the prompt lasts`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 4)
        try fixture.add(1, count: 9, wantsPromptLogprobs: true)
        let wishes = try (0..<4).map { _ in
            try fixture.step().sequences.map(\.wantsPromptLogprobs)
        }
        // The third chunk is the last prompt token, whose row foretells no prompt token.
        #expect(wishes == [[true], [true], [false], [false]])
    }

    @Test func `cancelled sequences do not fill the queue`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 1)
        try fixture.add(1, count: 1)
        try fixture.step()
        for number in 2..<10_000 as Range<UInt64> {
            try fixture.add(number, count: 1)
            fixture.finish(number)
            try fixture.scheduler.checkInvariants()
        }
        try fixture.add(10_000, count: 1)
        #expect(fixture.scheduler.waitingCount == 1)
        fixture.finish(1)
        #expect(try fixture.step().shares == [[10_000, 1]])
    }
}
