extension Scheduler {
    /// Takes the blocks of every running sequence and forgets what all blocks hold, as is needed
    /// when the memory behind them is lost. The sequences keep their tokens and wait.
    package mutating func preemptAll() {
        unpublished = []
        var batch = ScheduledBatch()
        for slot in running { preempt(slot, in: &batch) }
        cache.resetPrefixCache()
    }

    /// Takes another number of blocks, while none is in use.
    ///
    /// - Precondition: No sequence runs, as after ``preemptAll()``.
    package mutating func replaceBlocks(count: Int) {
        precondition(running.isEmpty, "running sequences hold blocks")
        configuration.blockCount = count
        cache = KVCacheManager(
            blockSize: configuration.blockSize, blockCount: count,
            prefixHasher: configuration.enablesPrefixCaching ? configuration.prefixHasher : nil)
    }
}
