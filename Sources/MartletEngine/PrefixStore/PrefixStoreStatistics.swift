/// What a prefix store holds and has done since it was opened. Blocks are counted, not tokens.
public struct PrefixStoreStatistics: Hashable, Sendable {
    /// Files in the directory, those of other models included.
    public var fileCount = 0
    /// Their size.
    public var byteCount = 0
    /// Blocks that were asked for and read.
    public var hitCount = 0
    /// Blocks that were asked for and are not there.
    public var missCount = 0
    /// Files that were damaged, and deleted.
    public var corruptCount = 0
    /// Blocks written.
    public var writtenCount = 0
    /// Blocks that were offered and not written: the queue was full, or the directory refused.
    public var droppedCount = 0
    /// Files deleted to keep to the limit of size.
    public var evictedCount = 0

    /// Statistics of a store that has done nothing.
    public init() {}
}
