import Dispatch
import NIOConcurrencyHelpers

extension PrefixStore {
    /// Blocks that may be handed over before the queue is full.
    package var freeQueueBlockCount: Int {
        let free = limits.queuedByteCountMax - state.withLockedValue(\.queuedByteCount)
        return max(0, free / max(1, limits.blockByteCount))
    }

    /// Whether two stores keep blocks of the same model.
    package func isOfSameModel(as other: PrefixStore) -> Bool {
        directory.folder == other.directory.folder
    }

    /// Says that the memory cache has lost everything.
    package func markAllEvicted() {
        state.withLockedValue { $0.residentKeys.removeAll() }
    }

    /// Deletes every block of this model, as when its weights have changed. Returns at once; what
    /// is being written meanwhile is deleted as well.
    package func removeAll() {
        markAllEvicted()
        writer.async {
            let blocks = self.state.withLockedValue {
                $0.index.removeAll(in: self.directory.folder)
            }
            for block in blocks { PlainFile.remove(self.directory.path(of: block)) }
        }
    }
}
