/// Hands the blocks of the KV cache to sequences and remembers what the blocks hold. Knows block
/// numbers only; the memory behind them belongs to the executor.
package struct KVCacheManager: Sendable {
    /// Tokens in one block.
    package let blockSize: Int
    package private(set) var pool: BlockPool
    /// Nil when prefix caching is off.
    package private(set) var prefixCache: PrefixCache?
    private let tracksEvictions: Bool
    private var evictedKeys: [PrefixKey] = []

    /// - Parameters:
    ///   - prefixHasher: nil turns prefix caching off.
    ///   - tracksEvictions: Whether `takeEvictedKeys()` has anything to tell.
    package init(
        blockSize: Int, blockCount: Int, prefixHasher: PrefixHasher?, tracksEvictions: Bool = false
    ) {
        precondition(blockSize > 0, "a block holds at least one token")
        self.blockSize = blockSize
        self.tracksEvictions = tracksEvictions
        pool = BlockPool(blockCount: blockCount)
        prefixCache = prefixHasher.map {
            PrefixCache(blockSize: blockSize, blockCount: blockCount, hasher: $0)
        }
    }

    init(_ configuration: SchedulerConfiguration) {
        self.init(
            blockSize: configuration.blockSize, blockCount: configuration.blockCount,
            prefixHasher: configuration.enablesPrefixCaching ? configuration.prefixHasher : nil,
            tracksEvictions: configuration.tracksEvictions)
    }

    /// The number of blocks that `tokenCount` tokens take up.
    package func blockCount(covering tokenCount: Int) -> Int {
        (tokenCount + blockSize - 1) / blockSize
    }

    /// An empty table for a sequence of `scope`.
    package func makeTable(scope: PrefixScope) -> BlockTable {
        let scopeKey = prefixCache?.hasher.key(of: scope) ?? PrefixKey(low: 0, high: 0)
        return BlockTable(scope: scope, scopeKey: scopeKey)
    }

    /// Appends blocks to `table` until it covers `tokenCount` tokens. All or nothing: false, with
    /// the table as it was, if there are not enough free blocks.
    package mutating func grow(_ table: inout BlockTable, toCover tokenCount: Int) -> Bool {
        let missingCount = blockCount(covering: tokenCount) - table.count
        guard missingCount > 0 else { return true }
        guard missingCount <= pool.freeBlockCount else { return false }
        for _ in 0..<missingCount {
            guard let block = pool.allocate() else { return false }
            evict(block)
            table.blocks.append(block)
        }
        return true
    }

    /// The cached blocks that hold the beginning of `tokens`. They leave at least the last token
    /// to compute, since only a computed row has logits. Nothing is held by asking.
    package func prefix(of tokens: [Int32], table: inout BlockTable) -> [Int32] {
        let blockCount = (tokens.count - 1) / blockSize
        return prefixCache?.prefix(of: tokens, blockCount: blockCount, table: &table) ?? []
    }

    /// The key of block `index` of `tokens`, whose tokens must all be known; nil when prefix caching
    /// is off.
    func key(ofBlock index: Int, of tokens: [Int32], table: inout BlockTable) -> PrefixKey? {
        prefixCache?.key(ofBlock: index, of: tokens, table: &table)
    }

    /// The cached block that goes on after `prefix` as `tokens` do, if only for a part. It leaves at
    /// least the last token to compute.
    func partialBlock(
        of tokens: [Int32], after prefix: [Int32], table: BlockTable
    ) -> PartialBlock? {
        guard let prefixCache else { return nil }
        let start = prefix.count * blockSize
        return prefixCache.partialBlock(
            of: tokens, from: start, tokenCountMax: tokens.count - 1 - start,
            following: prefix.last.map(prefixCache.content) ?? .none, scope: table.scope)
    }

    /// How many free blocks would remain if a sequence took `prefix` and as many more blocks as
    /// `tokenCount` tokens take up; negative if there are too few.
    package func freeBlockCount(taking prefix: [Int32], andUpTo tokenCount: Int) -> Int {
        let freeInPrefixCount = prefix.count { pool.isFree($0) }
        let freshCount = blockCount(covering: tokenCount) - prefix.count
        return pool.freeBlockCount - freeInPrefixCount - freshCount
    }

    /// Makes `prefix` the beginning of the empty `table`; the blocks are shared, not copied.
    package mutating func adopt(_ prefix: [Int32], into table: inout BlockTable) {
        precondition(table.blocks.isEmpty, "a prefix comes first")
        guard let prefixCache, let last = prefix.last else { return }
        for block in prefix { pool.retain(block) }
        table.blocks = prefix
        table.publishedBlockCount = prefix.count
        table.publishedContent = prefixCache.content(of: last)
    }

    /// Appends a block to `table`, which consists of full ones, that begins as `partial` does.
    ///
    /// - Returns: what to copy for that, from a block to itself if it could be taken as it is; nil
    ///   if no block is free.
    mutating func append(_ partial: PartialBlock, to table: inout BlockTable) -> BlockCopy? {
        // As the most recently used the source is the last to be taken for another content; if it
        // is all the same, the copy comes before whatever is written there.
        pool.retain(partial.block)
        pool.release(partial.block, keepsContent: true)
        guard grow(&table, toCover: table.count * blockSize + 1), let target = table.blocks.last
        else { return nil }
        return BlockCopy(
            source: partial.block, target: target, tokenCount: partial.tokenCount)
    }

    /// Makes the blocks of `table` findable that the leading `tokenCount` of `tokens` fill, once
    /// those have been computed.
    package mutating func publish(_ table: inout BlockTable, tokens: [Int32], tokenCount: Int) {
        prefixCache?.publish(&table, tokens: tokens, tokenCount: tokenCount)
    }

    /// Gives all blocks of `table` back. What is cached stays findable until it is used again; the
    /// end of a sequence is used again before its beginning, which others are likelier to share.
    package mutating func release(_ table: inout BlockTable) {
        for block in table.blocks.reversed() {
            pool.release(block, keepsContent: prefixCache?.contains(block) ?? false)
        }
        table.blocks = []
        table.publishedBlockCount = 0
        table.publishedContent = .none
        table.publishes = true
    }

    /// Makes every block unfindable. Sequences keep the blocks they hold, and their owner keeps
    /// these from being published.
    package mutating func resetPrefixCache() {
        evictedKeys.removeAll()
        prefixCache?.removeAll()
    }

    private mutating func evict(_ block: Int32) {
        if tracksEvictions, let key = prefixCache?.key(of: block) { evictedKeys.append(key) }
        prefixCache?.remove(block)
    }

    package func checkInvariants() throws(InvariantViolation) {
        try pool.checkInvariants()
        try prefixCache?.checkInvariants()
    }
}

/// What a store outside the cache needs, to save blocks and to bring them back.
extension KVCacheManager {
    /// See `Scheduler.takeUnsavedBlocks(limit:)`.
    package mutating func takeUnsavedBlocks(limit: Int) -> [CachedBlock] {
        prefixCache?.takeUnsaved(limit: limit) ?? []
    }

    /// See `Scheduler.takeEvictedKeys()`.
    package mutating func takeEvictedKeys() -> [PrefixKey] {
        defer { evictedKeys.removeAll() }
        return evictedKeys
    }

    /// See `Scheduler.restoreTargets(tokens:blockCount:from:)`.
    package mutating func restoreTargets(
        tokens: [Int32], blockCount: Int, from index: Int
    ) -> [RestoreTarget] {
        var table = makeTable(scope: PrefixScope())
        let wantedCount = min(blockCount, tokens.count / blockSize)
        guard
            let prefix = prefixCache?.prefix(of: tokens, blockCount: wantedCount, table: &table),
            prefix.count >= index
        else { return [] }
        adopt(prefix, into: &table)
        let count = min(wantedCount, prefix.count + pool.freeBlockCount)
        guard grow(&table, toCover: count * blockSize) else { return [] }
        prefixCache?.publish(
            &table, tokens: tokens, tokenCount: count * blockSize, isSaved: true)
        let targets = (prefix.count..<table.count).map {
            RestoreTarget(index: $0, block: table.blocks[$0])
        }
        release(&table)
        return targets
    }

    /// The keys of the full blocks of `tokens`; empty when prefix caching is off.
    package func prefixKeys(of tokens: [Int32]) -> [PrefixKey] {
        guard let prefixCache else { return [] }
        var table = makeTable(scope: PrefixScope())
        let count = tokens.count / blockSize
        return (0..<count).map { prefixCache.key(ofBlock: $0, of: tokens, table: &table) }
    }

    /// How many leading full blocks of `tokens` are cached.
    package func cachedBlockCount(of tokens: [Int32]) -> Int {
        var table = makeTable(scope: PrefixScope())
        let count = tokens.count / blockSize
        return prefixCache?.prefix(of: tokens, blockCount: count, table: &table).count ?? 0
    }
}
