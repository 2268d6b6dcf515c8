import MartletScheduling
import MartletTestSupport
import Testing

struct SchedulerRandomTests {
    /// The second seed is new in every run; a failure prints it.
    @Test(arguments: [1, UInt64.random(in: .min ... .max)])
    func `a hundred thousand random steps keep every promise`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var tally = RandomRunTally()
        for episode in 0..<200 {
            var run = RandomRun(generator: &generator)
            do {
                for _ in 0..<500 { try run.step(mayAdd: true) }
                try run.drain()
            } catch {
                Issue.record("seed \(seed), episode \(episode), step \(run.stepCount): \(error)")
                return
            }
            tally.add(run)
        }
        #expect(tally.waitedStepCountMax < 200, "seed \(seed)")
        // The run is worth something only if it went where the trouble is.
        #expect(tally.hitTokenCount > 1_000, "seed \(seed)")
        #expect(tally.copiedTokenCount > 100, "seed \(seed)")
        #expect(tally.deferredCount > 300, "seed \(seed)")
        #expect(tally.savedCount > 100, "seed \(seed)")
        #expect(tally.restoredCount > 100, "seed \(seed)")
        #expect(tally.evictedCount > 100, "seed \(seed)")
        #expect(tally.preemptionCount > 200, "seed \(seed)")
        #expect(tally.displacedCount > 100, "seed \(seed)")
        #expect(tally.unschedulableCount > 100, "seed \(seed)")
    }
}

/// What happened in many random runs.
private struct RandomRunTally {
    var hitTokenCount = 0
    var copiedTokenCount = 0
    var deferredCount = 0
    var savedCount = 0
    var restoredCount = 0
    var evictedCount = 0
    var preemptionCount = 0
    var displacedCount = 0
    var unschedulableCount = 0
    var waitedStepCountMax = 0

    mutating func add(_ run: RandomRun) {
        hitTokenCount += run.scheduler.statistics.prefixCacheHitTokenCount
        copiedTokenCount += run.shadow.copiedTokenCount
        deferredCount += run.deferredCount
        savedCount += run.savedCount
        restoredCount += run.restoredCount
        evictedCount += run.evictedCount
        preemptionCount += run.scheduler.statistics.preemptionCount
        displacedCount += run.displacedCount
        unschedulableCount += run.unschedulableCount
        waitedStepCountMax = max(waitedStepCountMax, run.waitedStepCountMax)
    }
}
