import MartletScheduling

/// What a prefix store knows, guarded by its lock.
struct PrefixStoreState {
    var index = BlockIndex()
    /// The blocks that are in the memory cache.
    var residentKeys: Set<PrefixKey> = []
    var queuedKeys: Set<PrefixKey> = []
    var queuedByteCount = 0
    var statistics = PrefixStoreStatistics()
    var isClosed = false
    /// Until then nothing is written.
    var restsUntil: ContinuousClock.Instant?
    var hasWarned = false
    /// What this process has written since it last listed the directory.
    var byteCountSinceListing = 0

    /// Whether there is a point in offering blocks at `now`.
    func isWriting(at now: ContinuousClock.Instant) -> Bool {
        !isClosed && (restsUntil.map { $0 <= now } ?? true)
    }

    /// Believes a fresh listing of the directory.
    mutating func take(_ listing: StoreDirectory.Listing) {
        index.replace(by: listing.blocks)
        byteCountSinceListing = 0
        statistics.corruptCount += listing.damagedCount
    }

    /// Notes that the directory has refused a file.
    ///
    /// - Returns: Whether this is the first time.
    mutating func rest(until time: ContinuousClock.Instant) -> Bool {
        restsUntil = time
        defer { hasWarned = true }
        return !hasWarned
    }
}
