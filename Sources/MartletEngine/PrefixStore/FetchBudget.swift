import Synchronization

/// Bounds the memory of blocks that have been read from disk and are not in the cache yet.
final class FetchBudget: Sendable {
    private static let byteCountMax = 512 << 20

    private let inFlight = Atomic(0)

    /// Reads what a prompt begins with, as far as there is room for it.
    func fetch(for prepared: PreparedRequest, from store: PrefixStore?) -> [StoredBlock] {
        // Blocks with a salt never leave the memory, and logits of the prompt have to be computed.
        guard let store, prepared.cacheSalt == nil, prepared.sampling.promptLogprobCount == nil
        else { return [] }
        let size = store.limits.blockByteCount
        let room = Self.byteCountMax - inFlight.load(ordering: .relaxed)
        guard room >= size else { return [] }
        let blocks = store.fetch(tokens: prepared.promptTokens, limit: room / size)
        inFlight.add(blocks.reduce(0) { $0 + $1.payload.count }, ordering: .relaxed)
        return blocks
    }

    /// Notes that a request has been handed to the core, or has failed.
    func end(_ prepared: PreparedRequest) {
        let byteCount = prepared.storedBlocks.reduce(0) { $0 + $1.payload.count }
        if byteCount > 0 { inFlight.subtract(byteCount, ordering: .relaxed) }
    }
}
