import MartletScheduling

/// Which block files there are, and which of them go first when there are too many.
///
/// The least recently used go first, and a block goes before its parent: without its parent it
/// could never be found. Times are nanoseconds since 1970, since they come from files.
package struct BlockIndex {
    private struct Entry {
        var parent: PrefixKey
        var byteCount: Int
        var use: Int64
        /// The time of use that the file itself carries.
        var recordedUse: Int64
    }

    package init() {}

    private var entries: [BlockAddress: Entry] = [:]
    /// How many entries name a block as their parent, where there are any; the parent may be
    /// missing.
    private var childCounts: [BlockAddress: Int] = [:]
    /// The size of all files.
    package private(set) var byteCount = 0

    /// A file's time of use may lag this far behind, so that a popular block is not written to its
    /// directory again and again.
    package static let recordingInterval: Int64 = 60_000_000_000

    package var count: Int { entries.count }

    package func contains(_ address: BlockAddress) -> Bool { entries[address] != nil }

    /// Takes in a file, in place of what was known of it.
    package mutating func insert(_ block: ListedBlock) {
        remove(block.address)
        entries[block.address] = Entry(
            parent: block.parent, byteCount: block.byteCount, use: block.use,
            recordedUse: block.use)
        byteCount += block.byteCount
        childCounts[parent(of: block.address, is: block.parent), default: 0] += 1
    }

    /// Forgets a file.
    package mutating func remove(_ address: BlockAddress) {
        guard let entry = entries.removeValue(forKey: address) else { return }
        byteCount -= entry.byteCount
        let parent = parent(of: address, is: entry.parent)
        let rest = (childCounts[parent] ?? 0) - 1
        childCounts[parent] = rest > 0 ? rest : nil
    }

    /// Forgets the files of a folder.
    ///
    /// - Returns: What to delete.
    mutating func removeAll(in folder: PrefixKey) -> [ListedBlock] {
        let addresses = entries.keys.filter { $0.folder == folder }
        let removed = addresses.compactMap { address in
            entries[address].map {
                ListedBlock(
                    address: address, parent: $0.parent, byteCount: $0.byteCount, use: $0.use)
            }
        }
        for address in addresses { remove(address) }
        return removed
    }

    /// Notes that a block is used.
    ///
    /// - Returns: Whether the file itself should be told.
    package mutating func touch(_ address: BlockAddress, at time: Int64) -> Bool {
        guard var entry = entries[address], time > entry.use else { return false }
        entry.use = time
        let isStale = time - entry.recordedUse > Self.recordingInterval
        if isStale { entry.recordedUse = time }
        entries[address] = entry
        return isStale
    }

    /// Replaces what is known by a fresh listing; times of use known to be later are kept.
    package mutating func replace(by listing: [ListedBlock]) {
        var fresh = BlockIndex()
        for block in listing {
            fresh.insert(block)
            if let known = entries[block.address], known.use > block.use {
                _ = fresh.touch(block.address, at: known.use)
            }
        }
        self = fresh
    }

    /// Forgets blocks until the rest have at most `limit` bytes.
    ///
    /// - Returns: What to delete, in this order.
    package mutating func trim(toByteCount limit: Int) -> [ListedBlock] {
        var removed: [ListedBlock] = []
        var candidates = entries.filter { childCounts[$0.key] == nil }.map(candidate)
        candidates.sort(by: Self.isLater)
        while byteCount > limit, let next = candidates.popLast() ?? anyCandidate {
            let entry = take(next.address)
            removed.append(entry)
            let parent = parent(of: next.address, is: entry.parent)
            if let entry = entries[parent], childCounts[parent] == nil {
                let freed = candidate(parent, entry)
                candidates.insert(freed, at: Self.position(of: freed, in: candidates))
            }
        }
        return removed
    }

    // MARK: Candidates for removal

    private typealias Candidate = (address: BlockAddress, use: Int64)

    private func candidate(_ address: BlockAddress, _ entry: Entry) -> Candidate {
        (address, entry.use)
    }

    /// Forged names can chain blocks in a circle that has no last one; then any of them goes.
    private var anyCandidate: Candidate? {
        entries.min { ($0.value.use, $0.key.key.low) < ($1.value.use, $1.key.key.low) }
            .map(candidate)
    }

    /// Candidates are sorted from the latest to the earliest use, so that the next one is the last.
    private static func isLater(_ left: Candidate, _ right: Candidate) -> Bool {
        (left.use, left.address.key.low) > (right.use, right.address.key.low)
    }

    private static func position(of candidate: Candidate, in sorted: [Candidate]) -> Int {
        var range = 0..<sorted.count
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range =
                isLater(sorted[middle], candidate)
                ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }

    private mutating func take(_ address: BlockAddress) -> ListedBlock {
        let entry = entries[address]
        remove(address)
        return ListedBlock(
            address: address, parent: entry?.parent ?? address.key,
            byteCount: entry?.byteCount ?? 0, use: entry?.use ?? 0)
    }

    private func parent(of address: BlockAddress, is parent: PrefixKey) -> BlockAddress {
        BlockAddress(folder: address.folder, key: parent)
    }
}

extension BlockIndex {
    /// What is wrong with the sums; nil if they are those of the entries.
    package var violation: String? {
        let sum = entries.values.reduce(0) { $0 + $1.byteCount }
        guard sum == byteCount else { return "\(sum) bytes, \(byteCount) counted" }
        var counts: [BlockAddress: Int] = [:]
        for (address, entry) in entries {
            counts[parent(of: address, is: entry.parent), default: 0] += 1
        }
        return counts == childCounts ? nil : "children are counted wrongly"
    }
}
