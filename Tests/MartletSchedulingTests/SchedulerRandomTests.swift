import MartletScheduling
import Testing

struct SchedulerRandomTests {
    /// The second seed is new in every run; a failure prints it.
    @Test(arguments: [1, UInt64.random(in: .min ... .max)])
    func `a hundred thousand random steps keep every promise`(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        var hitTokenCount = 0
        var preemptionCount = 0
        var unschedulableCount = 0
        var deferredCount = 0
        var copiedTokenCount = 0
        var displacedCount = 0
        var restoredCount = 0
        var evictedCount = 0
        var waitedStepCountMax = 0
        for episode in 0..<200 {
            var run = RandomRun(generator: &generator)
            for step in 0..<500 {
                do {
                    try run.step(mayAdd: true)
                } catch {
                    Issue.record("seed \(seed), episode \(episode), step \(step): \(error)")
                    return
                }
            }
            do {
                try run.drain()
            } catch {
                Issue.record("seed \(seed), end of episode \(episode): \(error)")
                return
            }
            hitTokenCount += run.scheduler.statistics.prefixCacheHitTokenCount
            preemptionCount += run.scheduler.statistics.preemptionCount
            deferredCount += run.deferredCount
            waitedStepCountMax = max(waitedStepCountMax, run.waitedStepCountMax)
            copiedTokenCount += run.shadow.copiedTokenCount
            displacedCount += run.displacedCount
            restoredCount += run.restoredCount
            evictedCount += run.evictedCount
            unschedulableCount += run.unschedulableCount
        }
        // The run is worth something only if it went where the trouble is.
        #expect(hitTokenCount > 1_000, "seed \(seed)")
        #expect(deferredCount > 300, "seed \(seed)")
        #expect(waitedStepCountMax < 200, "seed \(seed)")
        #expect(copiedTokenCount > 100, "seed \(seed)")
        #expect(displacedCount > 100, "seed \(seed)")
        #expect(restoredCount > 100, "seed \(seed)")
        #expect(evictedCount > 100, "seed \(seed)")
        #expect(preemptionCount > 200, "seed \(seed)")
        #expect(unschedulableCount > 100, "seed \(seed)")
    }
}
