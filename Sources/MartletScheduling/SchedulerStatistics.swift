/// Counters and gauges of a scheduler at one moment.
package struct SchedulerStatistics: Hashable, Sendable {
    package var runningCount: Int
    /// Sequences that hold no blocks: new, preempted and deferred ones.
    package var waitingCount: Int
    /// Those of them that wait for a prefix which a running sequence is computing.
    package var deferredCount: Int
    /// Clients that have sequences; one unless the policy is to be fair.
    package var clientCount: Int
    package var totalBlockCount: Int
    /// Blocks that no sequence holds, findable contents or not.
    package var freeBlockCount: Int
    /// Blocks whose contents the prefix cache can find, held by sequences or free.
    package var cachedBlockCount: Int
    /// Prompt tokens looked up in the prefix cache, counted once per sequence at its admission.
    package var prefixCacheQueriedTokenCount: Int
    /// Those of them that were found.
    package var prefixCacheHitTokenCount: Int
    /// Those of them that were copied from blocks of which only a part was found.
    package var prefixCacheCopiedTokenCount: Int
    package var preemptionCount: Int
    /// Tokens computed in the blocks that sequences hold; those in shared blocks count once.
    package var heldTokenCount: Int
    /// Tokens in one block.
    package var blockSize: Int

    package var usedBlockCount: Int { totalBlockCount - freeBlockCount }

    /// The share of room in held blocks that no token takes up, from 0 to 1.
    package var fragmentation: Double {
        let room = usedBlockCount * blockSize
        return room == 0 ? 0 : 1 - Double(heldTokenCount) / Double(room)
    }

    /// The share of blocks held by sequences, from 0 to 1.
    package var blockUsage: Double {
        totalBlockCount == 0 ? 0 : Double(usedBlockCount) / Double(totalBlockCount)
    }
}
