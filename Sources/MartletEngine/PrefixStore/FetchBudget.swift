import NIOConcurrencyHelpers

/// Bounds the memory of blocks that have been read from disk and are not in the cache yet.
final class FetchBudget: Sendable {
    private let free = NIOLockedValueBox(512 << 20)

    /// Reads what a prompt begins with, as far as there is room for it.
    func fetch(for prepared: PreparedRequest, from store: PrefixStore?) -> FetchedBlocks? {
        // Blocks with a salt never leave the memory, and logits of the prompt have to be computed.
        guard let store, prepared.cacheSalt == nil, prepared.sampling.promptLogprobCount == nil
        else { return nil }
        let size = max(1, store.limits.blockByteCount)
        let most = prepared.promptTokens.count / store.limits.blockSize
        let count = free.withLockedValue { free in
            let count = min(most, free / size)
            free -= count * size
            return count
        }
        guard count > 0 else { return nil }
        let blocks = store.fetch(tokens: prepared.promptTokens, limit: count)
        giveBack((count - blocks.count) * size)
        return FetchedBlocks(blocks, byteCount: blocks.count * size, budget: self)
    }

    fileprivate func giveBack(_ byteCount: Int) {
        free.withLockedValue { $0 += byteCount }
    }
}

/// Blocks on their way from disk to the cache; their memory is free again once they are taken, or
/// with the last reference.
final class FetchedBlocks: Sendable {
    private let blocks: NIOLockedValueBox<[StoredBlock]?>
    private let byteCount: Int
    private let budget: FetchBudget

    fileprivate init(_ blocks: [StoredBlock], byteCount: Int, budget: FetchBudget) {
        self.blocks = NIOLockedValueBox(blocks)
        self.byteCount = byteCount
        self.budget = budget
    }

    deinit {
        _ = take()
    }

    /// The blocks; none after the first time.
    func take() -> [StoredBlock] {
        let taken: [StoredBlock]? = blocks.withLockedValue { blocks in
            defer { blocks = nil }
            return blocks
        }
        guard let taken else { return [] }
        budget.giveBack(byteCount)
        return taken
    }
}
