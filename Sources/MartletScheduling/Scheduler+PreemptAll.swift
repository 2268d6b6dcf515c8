import HeapModule

extension Scheduler {
    /// Takes the blocks of every running sequence and forgets what all blocks hold, as is needed
    /// when the memory behind them is lost. The sequences keep their tokens and wait.
    package mutating func preemptAll() {
        for slot in running {
            cache.release(&states[slot].blockTable)
            states[slot].computedTokenCount = 0
            states[slot].status = .waiting
            waiting.insert(WaitingEntry(rank: states[slot].rank, slot: slot))
            preemptionCount += 1
        }
        running = []
        unpublished = []
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
