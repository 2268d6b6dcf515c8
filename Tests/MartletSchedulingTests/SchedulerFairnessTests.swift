import MartletScheduling
import Testing

struct SchedulerFairnessTests {
    private func requests(
        _ count: Int, of client: String, at milliseconds: Int, prompt: Int, output: Int
    ) -> [ServingSimulation.Request] {
        Array(
            repeating: .init(
                client: client, arrivalMilliseconds: milliseconds, promptTokenCount: prompt,
                outputTokenCount: output), count: count)
    }

    /// How long the last of ten short requests waits for its first token, behind 500 long ones of
    /// another client or alone.
    private func worstWait(
        at milliseconds: Int, under policy: SchedulingPolicy, isAlone: Bool = false
    ) throws -> Int {
        let long = requests(isAlone ? 0 : 500, of: "a", at: 0, prompt: 512, output: 256)
        let short = requests(10, of: "b", at: milliseconds, prompt: 64, output: 16)
        var simulation = ServingSimulation(policy: policy, requests: long + short)
        try simulation.run(untilServed: "b")
        return try #require(simulation.waits["b"]?.max())
    }

    @Test(arguments: [5_000, 60_000, 120_000, 200_000])
    func `a client's few requests hardly feel another's many`(milliseconds: Int) throws {
        let alone = try worstWait(at: milliseconds, under: .fair, isAlone: true)
        let fair = try worstWait(at: milliseconds, under: .fair)
        #expect(fair <= 2 * alone)
    }

    @Test func `first come first served lets them wait for all the others`() throws {
        let alone = try worstWait(at: 120_000, under: .fcfs, isAlone: true)
        let crowded = try worstWait(at: 120_000, under: .fcfs)
        #expect(crowded > 100 * alone)
    }

    @Test func `before anyone was served both get the same`() throws {
        // The step under way takes up one of the four times, and little was served that could be
        // given as credit.
        let alone = try worstWait(at: 1, under: .fair, isAlone: true)
        #expect(try worstWait(at: 1, under: .fair) <= 4 * alone)
    }

    @Test func `clients that always want more get the same, whatever they ask for`() throws {
        for policy in [SchedulingPolicy.fair, .fcfs] {
            let long = requests(400, of: "a", at: 0, prompt: 1000, output: 100)
            let short = requests(4000, of: "b", at: 0, prompt: 50, output: 50)
            let few = requests(400, of: "c", at: 0, prompt: 300, output: 400)
            var simulation = ServingSimulation(policy: policy, requests: long + short + few)
            try simulation.run(forMilliseconds: 200_000)
            let served = ["a", "b", "c"].map { Double(simulation.servedTokenCounts[$0] ?? 0) }
            let ratio = (served.max() ?? 1) / max(1, served.min() ?? 1)
            #expect((ratio < 1.1) == (policy == .fair))
        }
    }

    @Test func `fairness costs no throughput`() throws {
        let times = try [SchedulingPolicy.fcfs, .fair].map { policy in
            let long = requests(200, of: "a", at: 0, prompt: 512, output: 64)
            let short = (1...20).flatMap {
                requests(5, of: "b", at: $0 * 5_000, prompt: 64, output: 16)
            }
            var simulation = ServingSimulation(policy: policy, requests: long + short)
            try simulation.run(forMilliseconds: .max)
            return Double(simulation.now)
        }
        #expect(times[1] < times[0] * 1.02)
    }

    @Test func `the client that was served the least goes first`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 1, policy: .fair)
        for number in 1...3 as ClosedRange<UInt64> {
            try fixture.add(number, count: 9, client: "a")
        }
        for number in 4...8 as ClosedRange<UInt64> {
            try fixture.add(number, count: 3, client: "b")
        }
        // Nine tokens of one are worth nine of the other.
        #expect(try served(8, by: &fixture) == [1, 4, 5, 6, 2, 7, 8, 3])
    }

    @Test func `generated tokens weigh more than those of prompts`() throws {
        for (weight, expected) in [(1, [1, 4, 2, 5]), (3, [1, 4, 5, 2])] as [(Int, [UInt64])] {
            var fixture = SchedulerFixture(
                maximumSequenceCount: 1, policy: .fair, outputTokenWeight: weight)
            try fixture.add(1, count: 2, client: "a")
            try fixture.add(2, count: 2, client: "a")
            try fixture.add(4, count: 3, client: "b")
            try fixture.add(5, count: 3, client: "b")
            // The first generates two tokens, of which one is computed on.
            try fixture.step()
            try fixture.step()
            fixture.finish(1)
            #expect(try [1] + served(3, by: &fixture) == expected)
        }
    }

    @Test func `coming anew earns a credit, and leaving pays no debts`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 1, policy: .fair)
        try fixture.add(1, count: 50, client: "a")
        for number in 2...9 as ClosedRange<UInt64> {
            try fixture.add(number, count: 5, client: "b")
        }
        #expect(try served(3, by: &fixture) == [1, 2, 3])
        // The virtual time is 35, and 30 are credit: the newcomer begins at 5, where the second
        // client is at 10; the first comes back with its 50.
        try fixture.add(20, count: 5, client: "c")
        try fixture.add(21, count: 5, client: "c")
        try fixture.add(10, count: 1, client: "a")
        #expect(try served(5, by: &fixture) == [20, 4, 21, 5, 6])
        #expect(try served(4, by: &fixture) == [7, 8, 9, 10])
    }

    @Test func `coming back at once earns nothing`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 1, policy: .fair)
        for number in 1...9 as ClosedRange<UInt64> {
            try fixture.add(number, count: 10, client: "a")
        }
        #expect(try served(2, by: &fixture) == [1, 2])
        // The credit of ten makes up for the ten that the first request takes.
        try fixture.add(11, count: 10, client: "b")
        #expect(try served(1, by: &fixture) == [11])
        try fixture.add(12, count: 10, client: "b")
        #expect(try served(2, by: &fixture) == [3, 12])
    }

    /// The order in which the next `count` sequences are served, each of which ends at once.
    private func served(_ count: Int, by fixture: inout SchedulerFixture) throws -> [UInt64] {
        try (0..<count).map { _ in
            let id = try #require(try fixture.step().sequences.first?.id)
            fixture.finish(id.rawValue)
            return id.rawValue
        }
    }

    @Test func `generation goes on a little beside the prompt of a client served less`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 16, policy: .fair)
        for number in 1...8 as ClosedRange<UInt64> {
            try fixture.add(number, count: 2, client: "a")
        }
        #expect(try fixture.step().totalTokenCount == 16)
        try fixture.add(11, count: 20, client: "b")
        #expect(try fixture.step().shares == [[1, 1], [2, 1], [11, 14]])
        try fixture.step()
        #expect(try fixture.step().shares.count == 9)
    }

    @Test func `generation is not held back for a prompt that finds no room`() throws {
        var fixture = SchedulerFixture(
            maximumBatchedTokenCount: 16, blockCount: 4, enablesPrefixCaching: false, policy: .fair)
        for number in 1...4 as ClosedRange<UInt64> {
            try fixture.add(number, count: 2, client: "a")
        }
        #expect(try fixture.step().totalTokenCount == 8)
        try fixture.add(11, count: 16, client: "b")
        let batch = try fixture.step()
        #expect(batch.totalTokenCount == 4)
    }

    @Test func `a client gets its share of the places, and no more`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 5, policy: .fair)
        for number in 1...8 as ClosedRange<UInt64> {
            try fixture.add(number, count: 6, client: "a")
        }
        #expect(try fixture.step().started.count == 5)
        for number in 11...15 as ClosedRange<UInt64> {
            try fixture.add(number, count: 2, client: "b")
        }
        let batch = try fixture.step()
        #expect(batch.preempted.map(\.rawValue) == [5, 4])
        #expect(batch.started.map(\.rawValue) == [11, 12])
        for _ in 0..<30 { #expect(try fixture.step().preempted.isEmpty) }
        fixture.finish(1)
        #expect(try fixture.step().started.count <= 1)
        #expect(fixture.scheduler.statistics.clientCount == 2)
    }

    @Test func `a client gets its share of the blocks, if that is enough for it`() throws {
        for (count, expected) in [(7, [4]), (11, [4, 3]), (19, [4, 3, 2]), (25, [])]
            as [(Int, [UInt64])]
        {
            var fixture = SchedulerFixture(
                blockCount: 8, enablesPrefixCaching: false, policy: .fair)
            for number in 1...4 as ClosedRange<UInt64> {
                try fixture.add(number, count: 7, client: "a")
            }
            #expect(try fixture.step().started.count == 4)
            try fixture.add(5, count: count, client: "b")
            let batch = try fixture.step()
            #expect(batch.preempted.map(\.rawValue) == expected)
            #expect(batch.started.isEmpty == expected.isEmpty)
        }
    }

    @Test func `what was displaced goes on from the blocks it left`() throws {
        var fixture = SchedulerFixture(maximumSequenceCount: 2, policy: .fair)
        try fixture.add(1, count: 12, client: "a")
        try fixture.add(2, count: 12, client: "a")
        try fixture.step()
        try fixture.add(3, count: 2, client: "b")
        #expect(try fixture.step().preempted == [SequenceID(rawValue: 2)])
        fixture.finish(3)
        let resumed = try #require(try fixture.step().sequences.last)
        #expect(resumed.id.rawValue == 2)
        #expect(resumed.startPosition == 12)
        #expect(resumed.tokens == [1000])
    }

    @Test func `a short prompt goes before the chunks of another client's long one`() throws {
        var fixture = SchedulerFixture(maximumBatchedTokenCount: 10, policy: .fair)
        try fixture.add(1, count: 40, client: "a")
        try fixture.add(2, count: 40, client: "a")
        #expect(try fixture.step().shares == [[1, 10]])
        try fixture.add(3, count: 4)
        try fixture.add(4, count: 4, client: "b")
        // The second client comes with all the credit there is, the third is at ten like the first.
        #expect(try fixture.step().shares == [[3, 4], [1, 6]])
        #expect(try fixture.step().shares == [[3, 1], [4, 4], [1, 5]])
    }

    @Test func `clients that come and go leave little behind`() throws {
        var fixture = SchedulerFixture(policy: .fair)
        try fixture.add(1, count: 1, client: "stays")
        try fixture.step()
        for number in 2...5_000 as ClosedRange<UInt64> {
            try fixture.add(number, count: 8, client: "client \(number)")
            _ = fixture.scheduler.schedule()
            fixture.finish(number)
        }
        try fixture.scheduler.checkInvariants()
        #expect(fixture.scheduler.statistics.clientCount == 1)
    }

    @Test func `a stream of new clients does not keep an old one waiting`() throws {
        var fixture = SchedulerFixture(
            maximumSequenceCount: 1, maximumBatchedTokenCount: 8, policy: .fair)
        try fixture.add(1, count: 8, client: "old")
        #expect(try served(1, by: &fixture) == [1])
        try fixture.add(2, count: 4, client: "old")
        var number: UInt64 = 2
        var stepCount = 0
        while true {
            // More than a step computes, each of a new client.
            for _ in 0..<3 {
                number += 1
                try fixture.add(number, count: 4, client: "\(number)")
            }
            stepCount += 1
            try #require(stepCount < 1_000)
            if try served(1, by: &fixture) == [2] { return }
        }
    }

    @Test func `prompts that never cease do not stop the generation of others`() throws {
        var fixture = SchedulerFixture(
            maximumBatchedTokenCount: 64, blockCount: 400, policy: .fair)
        for number in 1...12 as ClosedRange<UInt64> {
            try fixture.add(number, count: 4, client: "a")
        }
        try fixture.step()
        var counts: [UInt64: Int] = [:]
        for step in 0..<40 as Range<UInt64> {
            try fixture.add(100 + step, count: 4, client: "b")
            for entry in try fixture.step().sequences {
                counts[entry.id.rawValue, default: 0] += 1
                if entry.id.rawValue >= 100 { fixture.finish(entry.id.rawValue) }
            }
        }
        for number in 1...12 as ClosedRange<UInt64> { #expect(counts[number, default: 0] >= 20) }
    }

    @Test(arguments: SchedulingPolicy.allCases)
    func `nobody waits for ever behind a stream of others`(policy: SchedulingPolicy) throws {
        var fixture = SchedulerFixture(
            maximumSequenceCount: 2, maximumBatchedTokenCount: 8, blockCount: 8, policy: policy,
            agingInterval: 20)
        try fixture.add(1, count: 30, priority: 5, client: "patient")
        var stepCount: UInt64 = 0
        var number: UInt64 = 1
        var computedCount = 0
        while computedCount < 30 {
            stepCount += 1
            try #require(stepCount < 1_000)
            // More than a step computes, more urgent, and each of a new client.
            for _ in 0..<3 {
                number += 1
                try fixture.add(
                    number, count: 4, priority: 0, client: "\(number)", arrival: stepCount)
            }
            for entry in try fixture.step().sequences {
                if entry.id.rawValue == 1 {
                    computedCount = entry.startPosition + entry.tokens.count
                } else {
                    fixture.finish(entry.id.rawValue)
                }
            }
        }
    }
}
