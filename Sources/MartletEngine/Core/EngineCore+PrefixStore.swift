import MartletExecutor
import MartletScheduling

/// What goes between the prefix cache in memory and the one on disk.
extension EngineCore {
    /// How long the end of an engine may wait for the disk.
    private static let finalSaveTimeout = Duration.seconds(10)

    /// Puts blocks that were read from the store into the cache, before anything is scheduled.
    func restore(_ blocks: [StoredBlock], of tokens: [Int32]) {
        // Blocks between that the cache had may be gone by now; then what follows has no parent.
        let blocks = blocks.enumerated().prefix { $1.index == blocks[0].index + $0 }.map(\.element)
        guard let executor, let first = blocks.first, let last = blocks.last else { return }
        let targets = scheduler.restoreTargets(
            tokens: tokens, blockCount: last.index + 1, from: first.index)
        for target in targets {
            let payload = blocks[target.index - first.index].payload
            payload.withUnsafeBytes { executor.writeBlock(target.block, from: $0) }
        }
        prefixStore?.markResident(targets.map { blocks[$0.index - first.index].key })
    }

    /// Hands computed prefixes to the store, a few at a time, and no more than it takes.
    func savePrefixes(atMost limit: Int) {
        guard let prefixStore, let executor else { return }
        let room = min(limit, prefixStore.freeQueueBlockCount)
        guard room > 0 else { return hasUnsavedPrefixes = true }
        let blocks = scheduler.takeUnsavedBlocks(limit: room)
        hasUnsavedPrefixes = blocks.count == room
        guard !blocks.isEmpty else { return }
        prefixStore.markResident(blocks.map(\.key))
        for block in blocks where !prefixStore.contains(block.key) {
            let payload = [UInt8](unsafeUninitializedCapacity: executor.blockByteCount) {
                buffer, count in
                executor.readBlock(block.block, into: UnsafeMutableRawBufferPointer(buffer))
                count = executor.blockByteCount
            }
            _ = prefixStore.save(
                BlockToStore(
                    key: block.key, parent: block.parent, tokens: block.tokens, payload: payload))
        }
    }

    /// Hands everything that is left to the store, and waits for it.
    func saveAllPrefixes() {
        guard let prefixStore, executor != nil else { return }
        let end = now + Self.finalSaveTimeout
        var isWritten = false
        repeat {
            savePrefixes(atMost: .max)
            isWritten = prefixStore.flush(timeout: .seconds(1)) && !hasUnsavedPrefixes
        } while !isWritten && now < end
    }

    /// Tells the store which blocks it would have to bring back.
    func forgetEvictedPrefixes() {
        guard let prefixStore else { return }
        let keys = scheduler.takeEvictedKeys()
        if !keys.isEmpty { prefixStore.markEvicted(keys) }
    }

    /// Forgets all that was computed, since the memory that it is in is lost.
    func loseCache() {
        scheduler.preemptAll()
        hasUnsavedPrefixes = false
        prefixStore?.markAllEvicted()
    }
}
