import MartletScheduling

/// A store of prefixes outside the cache: it saves what the scheduler hands out and now and then
/// brings some of it back.
extension RandomRun {
    struct SavedBlock {
        var block: CachedBlock
        var content: ShadowKVCache.Content
    }

    /// Takes part in the life of the cache between two steps.
    mutating func useStore() throws {
        scheduler.completeStep()
        for block in scheduler.takeUnsavedBlocks(limit: .random(in: 0...6, using: &generator)) {
            store[block.key] = SavedBlock(block: block, content: shadow.content(of: block.block))
            savedCount += 1
        }
        let evicted = scheduler.takeEvictedKeys()
        try ModelViolation.check(
            evicted.isEmpty || configuration.tracksEvictions, "evictions are told unasked")
        evictedCount += evicted.count
        // Narrow keys name many contents, which only the cache can tell apart.
        if hasWideKeys { try restoreSome() }
        try scheduler.checkInvariants()
    }

    private mutating func restoreSome() throws {
        let tokens = makeRequest().promptTokens
        let keys = scheduler.prefixKeys(of: tokens)
        let cachedCount = scheduler.cachedBlockCount(of: tokens)
        let found = keys.dropFirst(cachedCount).prefix { store[$0] != nil }
        let freeCount = scheduler.statistics.freeBlockCount
        let held = Set(models.values.filter { $0.computedTokenCount != nil }.flatMap(\.blockTable))
        let targets = scheduler.restoreTargets(
            tokens: tokens, blockCount: cachedCount + found.count, from: cachedCount)
        try ModelViolation.check(
            scheduler.statistics.freeBlockCount == freeCount && targets.count <= found.count
                && (targets.count == found.count || targets.count <= freeCount),
            "\(targets.count) of \(found.count) blocks are restored, \(freeCount) were free")
        try ModelViolation.check(
            scheduler.cachedBlockCount(of: tokens) == cachedCount + targets.count
                && targets.map(\.index) == Array(cachedCount..<cachedCount + targets.count)
                && held.isDisjoint(with: targets.map(\.block)),
            "wrong blocks are restored")
        for target in targets {
            guard let saved = store[keys[target.index]] else { continue }
            let start = target.index * configuration.blockSize
            try ModelViolation.check(
                saved.block.tokens == Array(tokens[start..<start + configuration.blockSize])
                    && saved.block.parent
                        == (target.index == 0 ? rootKey : keys[target.index - 1]),
                "a block was saved under another's key")
            shadow.fill(target.block, with: saved.content)
        }
        restoredCount += targets.count
    }

    var hasWideKeys: Bool { significantBitCount >= 64 }

    private var rootKey: PrefixKey { PrefixKey(low: 0, high: 0) }
}
