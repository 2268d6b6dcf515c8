/// Hands the blocks of the KV cache to sequences and remembers what the blocks hold. Knows block
/// numbers only; the memory behind them belongs to the executor.
package struct KVCacheManager: Sendable {
    /// Tokens in one block.
    package let blockSize: Int
    package private(set) var pool: BlockPool
    /// Nil when prefix caching is off.
    package private(set) var prefixCache: PrefixCache?

    /// - Parameter prefixHasher: nil turns prefix caching off.
    package init(blockSize: Int, blockCount: Int, prefixHasher: PrefixHasher?) {
        precondition(blockSize > 0, "a block holds at least one token")
        self.blockSize = blockSize
        pool = BlockPool(blockCount: blockCount)
        prefixCache = prefixHasher.map {
            PrefixCache(blockSize: blockSize, blockCount: blockCount, hasher: $0)
        }
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
            prefixCache?.remove(block)
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
        prefixCache?.removeAll()
    }

    package func checkInvariants() throws(InvariantViolation) {
        try pool.checkInvariants()
        try prefixCache?.checkInvariants()
    }
}
