/// Counters and gauges of a scheduler at one moment.
package struct SchedulerStatistics: Hashable, Sendable {
    package var runningCount: Int
    package var waitingCount: Int
    package var totalBlockCount: Int
    /// Blocks that no sequence holds, findable contents or not.
    package var freeBlockCount: Int
    /// Blocks whose contents the prefix cache can find, held by sequences or free.
    package var cachedBlockCount: Int
    /// Prompt tokens looked up in the prefix cache, counted once per sequence at its admission.
    package var prefixCacheQueriedTokenCount: Int
    /// Those of them that were found.
    package var prefixCacheHitTokenCount: Int
    package var preemptionCount: Int

    package var usedBlockCount: Int { totalBlockCount - freeBlockCount }

    /// The share of blocks held by sequences, from 0 to 1.
    package var blockUsage: Double {
        totalBlockCount == 0 ? 0 : Double(usedBlockCount) / Double(totalBlockCount)
    }
}
