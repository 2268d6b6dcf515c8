extension Scheduler {
    /// Takes the blocks of every running sequence and forgets what all blocks hold, as is needed
    /// when the memory behind them is lost. The sequences keep their tokens and wait.
    package mutating func preemptAll() {
        unpublished = []
        var batch = ScheduledBatch()
        for slot in running { preempt(slot, in: &batch) }
        cache.resetPrefixCache()
    }

    /// Takes another number of blocks, while none is in use. A sequence that has become too long
    /// for them is reported as unschedulable when its turn comes.
    ///
    /// - Precondition: No sequence runs, as after ``preemptAll()``.
    package mutating func replaceBlocks(count: Int) {
        precondition(running.isEmpty, "running sequences hold blocks")
        configuration.blockCount = count
        cache = KVCacheManager(configuration)
    }
}
