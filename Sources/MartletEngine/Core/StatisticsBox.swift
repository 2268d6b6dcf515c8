import MartletScheduling
import NIOConcurrencyHelpers

/// The latest statistics, written by the engine core and read by anyone.
final class StatisticsBox: Sendable {
    private let statistics = NIOLockedValueBox(EngineStatistics())

    var latest: EngineStatistics {
        get { statistics.withLockedValue { $0 } }
        set { statistics.withLockedValue { $0 = newValue } }
    }
}

extension EngineStatistics {
    /// Takes over what the scheduler counts.
    mutating func update(from scheduler: Scheduler) {
        let counts = scheduler.statistics
        runningCount = scheduler.runningCount
        waitingCount = scheduler.waitingCount
        deferredCount = counts.deferredCount
        cacheFragmentation = counts.fragmentation
        blockCount = counts.totalBlockCount
        freeBlockCount = counts.freeBlockCount
        prefixCacheQueryCount = counts.prefixCacheQueriedTokenCount
        prefixCacheHitCount = counts.prefixCacheHitTokenCount
        preemptionCount = counts.preemptionCount
    }
}
