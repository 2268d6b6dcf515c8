extension Scheduler {
    /// - Complexity: O(running sequences).
    package var statistics: SchedulerStatistics {
        SchedulerStatistics(
            runningCount: runningCount, waitingCount: waitingCount,
            deferredCount: running.reduce(0) { $0 + states[$1].followers.count },
            clientCount: clients.count,
            totalBlockCount: cache.pool.blockCount, freeBlockCount: cache.pool.freeBlockCount,
            cachedBlockCount: cache.prefixCache?.count ?? 0,
            prefixCacheQueriedTokenCount: prefixCacheQueriedTokenCount,
            prefixCacheHitTokenCount: prefixCacheHitTokenCount,
            prefixCacheCopiedTokenCount: prefixCacheCopiedTokenCount,
            preemptionCount: preemptionCount,
            heldTokenCount: heldTokenCount, blockSize: configuration.blockSize)
    }

    /// Only the last block of a sequence has room left, and no other sequence holds it.
    private var heldTokenCount: Int {
        let usedBlockCount = cache.pool.blockCount - cache.pool.freeBlockCount
        return running.reduce(usedBlockCount * configuration.blockSize) { count, slot in
            let roomCount = states[slot].blockTable.count * configuration.blockSize
            return count - (roomCount - states[slot].computedTokenCount)
        }
    }
}
