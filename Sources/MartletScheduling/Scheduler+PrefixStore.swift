/// What a store of prefixes outside the KV cache needs: which blocks to save, where to put those
/// that it brings back, and what the cache no longer has.
///
/// Only blocks without a salt leave the cache. Call these between two steps: after a step has been
/// computed and `completeStep()` was called, and before the next `schedule()`, which may use any
/// free block for other content.
extension Scheduler {
    /// Blocks that were published and not handed out here before, parents before their children.
    /// Their contents are there until the next `schedule()`. A block that was used for other
    /// content meanwhile is not among them.
    package mutating func takeUnsavedBlocks(limit: Int) -> [CachedBlock] {
        cache.takeUnsavedBlocks(limit: limit)
    }

    /// Makes room for the leading `blockCount` blocks of `tokens`, of which the caller has those
    /// from `index` on.
    ///
    /// Free blocks, as far as there are any, are given to the leading blocks that are not cached.
    /// They can be found from now on, count as saved and are the last to be used otherwise: the
    /// caller fills all of them before the next `schedule()`.
    ///
    /// - Returns: the blocks to fill, in order; none if a block before `index` is not cached.
    package mutating func restoreTargets(
        tokens: [Int32], blockCount: Int, from index: Int
    ) -> [RestoreTarget] {
        cache.restoreTargets(tokens: tokens, blockCount: blockCount, from: index)
    }

    /// The keys of blocks that were used for other content since the last call; the same content
    /// may have been published again since. Always empty unless the configuration
    /// `tracksEvictions`. A reset of the prefix cache, which forgets every key, clears it.
    package mutating func takeEvictedKeys() -> [PrefixKey] {
        cache.takeEvictedKeys()
    }

    /// The keys of the full blocks of `tokens`, by which a store finds them; empty when prefix
    /// caching is off.
    package func prefixKeys(of tokens: [Int32]) -> [PrefixKey] {
        cache.prefixKeys(of: tokens)
    }

    /// How many leading full blocks of `tokens` are cached.
    package func cachedBlockCount(of tokens: [Int32]) -> Int {
        cache.cachedBlockCount(of: tokens)
    }
}
