import MartletScheduling

/// A scheduler and short words to drive it with. Every step checks the invariants.
struct SchedulerFixture {
    var scheduler: Scheduler
    /// What the next `step()` does with sequences that sample.
    var sampledToken: Int32 = 1000

    /// How many waited for another's prefix when the last step was decided.
    private(set) var deferredCount = 0

    init(
        maximumSequenceCount: Int = 16, startingSequenceCountMax: Int? = nil,
        maximumBatchedTokenCount: Int = 100,
        maximumModelLength: Int = 1000, blockSize: Int = 4, blockCount: Int = 100,
        enablesPrefixCaching: Bool = true, reusesPartialBlocks: Bool = false,
        tracksEvictions: Bool = false, longPrefillTokenThreshold: Int = 0,
        admissionHeadroomTokenCount: Int = 0, policy: SchedulingPolicy = .fcfs,
        agingInterval: Int = 10_000, outputTokenWeight: Int = 2,
        prefixHasher: PrefixHasher = PrefixHasher(key0: 1, key1: 2)
    ) {
        scheduler = Scheduler(
            configuration: SchedulerConfiguration(
                maximumSequenceCount: maximumSequenceCount,
                startingSequenceCountMax: startingSequenceCountMax,
                maximumBatchedTokenCount: maximumBatchedTokenCount,
                maximumModelLength: maximumModelLength, blockSize: blockSize,
                blockCount: blockCount, enablesPrefixCaching: enablesPrefixCaching,
                reusesPartialBlocks: reusesPartialBlocks, tracksEvictions: tracksEvictions,
                longPrefillTokenThreshold: longPrefillTokenThreshold,
                admissionHeadroomTokenCount: admissionHeadroomTokenCount, policy: policy,
                agingInterval: agingInterval, outputTokenWeight: outputTokenWeight,
                prefixHasher: prefixHasher))
    }

    /// Adds a sequence whose prompt is its own, unless `tokens` are given.
    mutating func add(
        _ number: UInt64, count: Int = 0, tokens: [Int32]? = nil, priority: Int = 0,
        salt: String? = nil, wantsPromptLogprobs: Bool = false, expectedLengthMax: Int? = nil,
        readsPrefixCache: Bool? = nil, client: String? = nil, arrival: UInt64 = 0
    ) throws {
        let own = (0..<count).map { Int32(number) * 10_000 + Int32($0) }
        try scheduler.add(
            SchedulerRequest(
                id: SequenceID(rawValue: number), promptTokens: tokens ?? own,
                expectedLengthMax: expectedLengthMax, priority: priority, client: client,
                arrivalMilliseconds: arrival, cacheSalt: salt,
                wantsPromptLogprobs: wantsPromptLogprobs, readsPrefixCache: readsPrefixCache))
    }

    mutating func finish(_ number: UInt64) {
        scheduler.finish(SequenceID(rawValue: number))
    }

    /// Schedules, and lets every sequence sample that should.
    @discardableResult
    mutating func step() throws -> ScheduledBatch {
        let batch = scheduler.schedule()
        deferredCount = scheduler.statistics.deferredCount
        try scheduler.checkInvariants()
        for entry in batch.sequences where entry.samples {
            scheduler.append(sampledToken, to: entry.id)
        }
        try scheduler.checkInvariants()
        return batch
    }
}

extension ScheduledBatch {
    /// The scheduled sequences' numbers and token counts, in order.
    var shares: [[Int]] {
        sequences.map { [Int($0.id.rawValue), $0.tokens.count] }
    }
}
