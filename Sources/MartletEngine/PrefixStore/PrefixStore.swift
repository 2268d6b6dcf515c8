import Dispatch
package import Logging
package import MartletScheduling
import NIOConcurrencyHelpers

/// A prefix cache on local disk, which survives a restart.
///
/// Each block of keys and values is a file, found by the block's chained key. A file is believed
/// only if model, key, parent, tokens and checksum are exactly what was asked for; everything else
/// is deleted and counts as missing. So no damage, collision or other process can make the store
/// give wrong keys and values, and no failure of the disk is a failure of a request.
///
/// Files hold the token ids of prompts; only the user who runs the process can read them.
///
/// All members may be called from any thread. Reading happens on the caller's thread, writing on a
/// queue of the store's own; nothing waits for the disk but `fetch`, `flush` and `open`.
package final class PrefixStore: Sendable {
    let directory: StoreDirectory
    let limits: PrefixStoreLimits
    let logger: Logger
    let state: NIOLockedValueBox<PrefixStoreState>
    let writer = DispatchQueue(label: "martlet.prefix-store", qos: .utility)

    /// Makes the keys of this store's blocks. The engine's prefix cache must use it too.
    package let hasher: PrefixHasher

    /// Opens the store of one model, making the directory where there is none.
    ///
    /// - Parameters:
    ///   - fingerprint: Says everything that the keys and values depend on besides the tokens:
    ///     checkpoint, types, layout.
    ///   - byteCountMax: The size that all files in the directory may have together.
    ///   - blockByteCount: The size of one block's keys and values.
    ///   - blockSize: The tokens of a block.
    package static func open(
        directory path: String, fingerprint: String, byteCountMax: Int, blockByteCount: Int,
        blockSize: Int, logger: Logger
    ) throws(PrefixStoreError) -> PrefixStore {
        try open(
            directory: path, fingerprint: fingerprint,
            limits: PrefixStoreLimits(
                byteCountMax: byteCountMax, blockByteCount: blockByteCount, blockSize: blockSize),
            logger: logger)
    }

    /// Opens the store with limits of one's own.
    package static func open(
        directory path: String, fingerprint: String, limits: PrefixStoreLimits, logger: Logger
    ) throws(PrefixStoreError) -> PrefixStore {
        guard limits.fileByteCount <= limits.byteCountMax else {
            throw .tooSmall(
                directory: path, byteCountMax: limits.byteCountMax,
                blockByteCount: limits.fileByteCount)
        }
        let manifest: StoreManifest
        let wasDamaged: Bool
        do throws(PlainFile.SystemError) {
            try PlainFile.makeDirectory(path)
            (manifest, wasDamaged) = try StoreDirectory.manifest(at: path)
        } catch {
            throw .unusable(directory: path, reason: "\(error)")
        }
        if wasDamaged {
            logger.warning(
                "The prefix cache's manifest is damaged; the cache starts empty.",
                metadata: ["directory": "\(path)"])
        }
        return PrefixStore(
            directory: StoreDirectory(path: path, folder: manifest.folder(of: fingerprint)),
            hasher: manifest.hasher, limits: limits, logger: logger)
    }

    private init(
        directory: StoreDirectory, hasher: PrefixHasher, limits: PrefixStoreLimits, logger: Logger
    ) {
        self.directory = directory
        self.hasher = hasher
        self.limits = limits
        self.logger = logger
        var state = PrefixStoreState()
        let listing = directory.list(
            fileByteCount: limits.fileByteCount, now: WallClock.nanoseconds)
        if let listing { state.take(listing) }
        self.state = NIOLockedValueBox(state)
        writer.async { self.trim() }
    }

    // MARK: Facts

    /// Whether the block is on disk, or about to be.
    package func contains(_ key: PrefixKey) -> Bool {
        let address = address(of: key)
        return state.withLockedValue {
            $0.index.contains(address) || $0.queuedKeys.contains(key)
        }
    }

    package var statistics: PrefixStoreStatistics {
        state.withLockedValue { state in
            var statistics = state.statistics
            statistics.fileCount = state.index.count
            statistics.byteCount = state.index.byteCount
            return statistics
        }
    }

    func address(of key: PrefixKey) -> BlockAddress {
        BlockAddress(folder: directory.folder, key: key)
    }

    // MARK: What the memory cache holds

    /// Says that the blocks are in the memory cache, so `fetch` need not read them.
    package func markResident(_ keys: [PrefixKey]) {
        state.withLockedValue { $0.residentKeys.formUnion(keys) }
    }

    /// Says that the blocks are no longer in the memory cache.
    package func markEvicted(_ keys: [PrefixKey]) {
        state.withLockedValue { $0.residentKeys.subtract(keys) }
    }
}
