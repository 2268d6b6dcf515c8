import MartletScheduling
import MartletTestSupport

/// Drives a scheduler at random, as a hostile engine would, and holds it to its promises in every
/// step: a plain model of each sequence says what a step may contain, `ShadowKVCache` what the
/// blocks must contain, and `checkInvariants()` what the scheduler believes of itself.
struct RandomRun {
    /// What the scheduler should know of a sequence.
    struct Model {
        var tokens: [Int32]
        /// The length at which the run ends the sequence, if it gets that far.
        var targetLength: Int
        var request: SchedulerRequest
        var computedTokenCount: Int?
        var cachedTokenCount: Int?
        var blockTable: [Int32] = []
        /// Whether what it computes can be found by others: not after a reset while it runs.
        var publishes = true
        /// For how many steps in a row it has been the first in line and not served.
        var waitedStepCount = 0
    }

    private(set) var configuration: SchedulerConfiguration
    /// How much of a prefix key counts.
    let significantBitCount: Int
    var scheduler: Scheduler
    var generator: SeededGenerator
    var models: [SequenceID: Model] = [:]
    var shadow: ShadowKVCache
    var store: [PrefixKey: SavedBlock] = [:]
    var savedCount = 0
    var restoredCount = 0
    var evictedCount = 0
    var addedCount: UInt64 = 0
    var unschedulableCount = 0
    var deferredCount = 0
    var waitedStepCountMax = 0
    /// How many sequences gave way to waiting ones.
    var displacedCount = 0
    var stepCount = 0

    init(generator: inout SeededGenerator) {
        significantBitCount = [128, 64, 2, 0].randomElement(using: &generator) ?? 128
        configuration = Self.configuration(
            significantBitCount: significantBitCount, using: &generator)
        scheduler = Scheduler(configuration: configuration)
        self.generator = SeededGenerator(seed: generator.next())
        shadow = ShadowKVCache(
            blockSize: configuration.blockSize, blockCount: configuration.blockCount)
    }

    /// Small numbers, so that every limit is met often.
    private static func configuration(
        significantBitCount: Int, using generator: inout SeededGenerator
    ) -> SchedulerConfiguration {
        SchedulerConfiguration(
            maximumSequenceCount: .random(in: 1...8, using: &generator),
            startingSequenceCountMax: generator.chance(70)
                ? nil : .random(in: 1...8, using: &generator),
            maximumBatchedTokenCount: .random(in: 1...24, using: &generator),
            maximumModelLength: .random(in: 8...48, using: &generator),
            blockSize: .random(in: 1...6, using: &generator),
            blockCount: .random(in: 1...24, using: &generator),
            enablesPrefixCaching: generator.chance(90),
            reusesPartialBlocks: generator.chance(60), tracksEvictions: generator.chance(50),
            longPrefillTokenThreshold: generator.chance(30)
                ? .random(in: 1...8, using: &generator) : 0,
            admissionHeadroomTokenCount: generator.chance(50)
                ? 0 : .random(in: 0...64, using: &generator),
            policy: SchedulingPolicy.allCases.randomElement(using: &generator) ?? .fcfs,
            agingInterval: [0, 20, 1000].randomElement(using: &generator) ?? 0,
            outputTokenWeight: .random(in: 1...3, using: &generator),
            prefixHasher: PrefixHasher(
                key0: generator.next(), key1: generator.next(),
                significantBitCount: significantBitCount))
    }

    /// One turn of the engine's loop.
    mutating func step(mayAdd: Bool) throws {
        stepCount += 1
        if mayAdd { try addSome() }
        if generator.chance(2) { cancelOne() }
        if generator.chance(1) { try reset() }
        if Int.random(in: 0..<400, using: &generator) == 0 { loseMemory() }
        if generator.chance(10) { try useStore() }
        let batch = scheduler.schedule()
        try scheduler.checkInvariants()
        try check(batch)
        deferredCount += scheduler.statistics.deferredCount
        let cancelled =
            generator.chance(4) ? batch.sequences.randomElement(using: &generator)?.id : nil
        if let cancelled { scheduler.finish(cancelled) }
        if generator.chance(1) {
            // The executor failed: nothing was written, so nothing may ever be found.
            for entry in batch.sequences { finish(entry.id) }
        } else {
            try shadow.run(
                batch, tokens: models.mapValues(\.tokens),
                salts: models.mapValues(\.request.cacheSalt))
            try appendSamples(of: batch, except: cancelled)
        }
        if let cancelled { finish(cancelled) }
        for id in batch.unschedulable {
            unschedulableCount += 1
            finish(id)
        }
        try scheduler.checkInvariants()
    }

    /// Lets everything come to its end and checks that it does, and that every block comes back.
    mutating func drain() throws {
        var stepCount = 0
        while scheduler.hasUnfinishedSequences {
            try step(mayAdd: false)
            stepCount += 1
            try ModelViolation.check(stepCount < 10_000, "sequences do not come to an end")
        }
        let statistics = scheduler.statistics
        try ModelViolation.check(
            statistics.freeBlockCount == statistics.totalBlockCount
                && statistics.runningCount == 0 && statistics.waitingCount == 0
                && models.isEmpty,
            "something is left: \(statistics)")
    }

    private mutating func addSome() throws {
        let count = generator.chance(30) ? Int.random(in: 1...3, using: &generator) : 0
        for _ in 0..<count where models.count < 24 {
            let request = makeRequest()
            let length = request.promptTokens.count
            let fits =
                length > 0 && length <= configuration.maximumModelLength
                && length <= configuration.blockCount * configuration.blockSize
            let error = add(request)
            try ModelViolation.check(
                fits == (error == nil),
                "\(request.id) \(fits ? "fits" : "does not fit"): \(error.debugDescription)")
            guard fits else { continue }
            models[request.id] = Model(
                tokens: request.promptTokens,
                targetLength: length + .random(in: 1...24, using: &generator),
                request: request)
        }
    }

    private mutating func add(_ request: SchedulerRequest) -> SchedulingError? {
        do throws(SchedulingError) {
            try scheduler.add(request)
            return nil
        } catch {
            return error
        }
    }

    /// A prompt that likely begins like others, of a small alphabet.
    mutating func makeRequest() -> SchedulerRequest {
        addedCount += 1
        var family = SeededGenerator(seed: .random(in: 0..<3, using: &generator))
        var tokens: [Int32] = (0..<Int.random(in: 0...30, using: &generator)).map { _ in
            .random(in: 0...1, using: &family)
        }
        for _ in 0..<Int.random(in: 0...4, using: &generator) {
            tokens.append(.random(in: 0...1, using: &generator))
        }
        return SchedulerRequest(
            id: SequenceID(rawValue: addedCount), promptTokens: tokens,
            expectedLengthMax: generator.chance(50) ? .random(in: 0...60, using: &generator) : nil,
            priority: .random(in: -2...2, using: &generator),
            client: [nil, "a", "b", "c"].randomElement(using: &generator) ?? nil,
            arrivalMilliseconds: UInt64(stepCount),
            cacheSalt: [nil, nil, "", "salt", "other salt"].randomElement(using: &generator) ?? nil,
            wantsPromptLogprobs: generator.chance(10))
    }

    private mutating func cancelOne() {
        let ids = models.keys.sorted()
        guard let id = ids.randomElement(using: &generator) else { return }
        finish(id)
    }

    private mutating func reset() throws {
        let isComplete = scheduler.resetPrefixCache()
        for id in models.keys where models[id]?.computedTokenCount != nil {
            models[id]?.publishes = false
        }
        shadow.beginEpoch()
        store = [:]
        try ModelViolation.check(
            isComplete == (scheduler.runningCount == 0)
                && scheduler.statistics.cachedBlockCount == 0,
            "the prefix cache was not reset")
    }

    /// The memory behind the blocks goes, and perhaps another share of it comes.
    private mutating func loseMemory() {
        scheduler.preemptAll()
        for id in models.keys where models[id]?.computedTokenCount != nil {
            models[id]?.computedTokenCount = nil
            models[id]?.publishes = true
            shadow.forget(id)
        }
        if generator.chance(50) {
            configuration.blockCount = .random(in: 1...24, using: &generator)
            scheduler.replaceBlocks(count: configuration.blockCount)
        }
        shadow.clear(blockCount: configuration.blockCount)
    }

    private mutating func appendSamples(
        of batch: ScheduledBatch, except cancelled: SequenceID?
    ) throws {
        if generator.chance(50) { scheduler.completeStep() }
        for entry in batch.sequences {
            let token = Int32.random(in: 0...1, using: &generator)
            let isTaken = scheduler.append(token, to: entry.id)
            try ModelViolation.check(
                isTaken == (entry.samples && entry.id != cancelled),
                "the token of \(entry.id) was \(isTaken ? "" : "not ")taken")
            guard isTaken else { continue }
            models[entry.id]?.tokens.append(token)
            guard let model = models[entry.id] else { continue }
            if model.tokens.count >= model.targetLength { finish(entry.id) }
        }
        for id in batch.preempted {
            try ModelViolation.check(!scheduler.append(0, to: id), "\(id) sampled and waits")
        }
    }

    private mutating func finish(_ id: SequenceID) {
        scheduler.finish(id)
        models[id] = nil
        shadow.forget(id)
    }
}
