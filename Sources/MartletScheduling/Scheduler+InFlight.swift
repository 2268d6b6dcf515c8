/// Sharing what is being computed: a waiting sequence that shares blocks with a running one waits
/// until those are published instead of computing them as well.
///
/// A running sequence announces the key of the next block that it will publish. A waiting one whose
/// next uncached block has that key, and the same tokens up to its end, becomes its follower. It
/// leaves the queue, so that those behind it may go first, and comes back when the last block that
/// both share is published, or when its leader ends, is preempted or may no longer publish.
extension Scheduler {
    /// Makes a waiting sequence, taken off the queue, follow the one that computes the block after
    /// its cached `prefix`.
    ///
    /// - Returns: false, and nothing happens, if there is none or nothing could be shared with it.
    mutating func follow(_ entry: WaitingEntry, after prefix: [Int32]) -> Bool {
        guard let (leader, blockCount) = leader(of: entry.slot, after: prefix) else { return false }
        states[entry.slot].status = .deferred
        states[entry.slot].leader = leader
        states[leader].followers.append(Follower(entry: entry, blockCount: blockCount))
        return true
    }

    private mutating func leader(of slot: Int, after prefix: [Int32]) -> (Int, blockCount: Int)? {
        let index = prefix.count
        let tokens = states[slot].tokens
        let usableCount = (tokens.count - 1) / configuration.blockSize
        guard configuration.enablesPrefixCaching, states[slot].readsPrefixCache,
            index < usableCount,
            let key = cache.key(ofBlock: index, of: tokens, table: &states[slot].blockTable),
            let leader = inFlight[key], states[leader].blockTable.publishedBlockCount == index,
            states[leader].blockTable.scope == states[slot].blockTable.scope
        else { return nil }
        let sharedCount = commonPrefixCount(slot, leader) / configuration.blockSize
        let blockCount = min(sharedCount, usableCount)
        return blockCount > index ? (leader, blockCount) : nil
    }

    /// How many tokens two sequences begin with alike, of those that the model's length allows.
    private func commonPrefixCount(_ slot: Int, _ other: Int) -> Int {
        let end = min(knownTokenCount(of: slot), knownTokenCount(of: other))
        let (tokens, others) = (states[slot].tokens, states[other].tokens)
        var count = 0
        while count < end, tokens[count] == others[count] { count += 1 }
        return count
    }

    /// Tells which block a running sequence computes next, if all of its tokens are known, and
    /// lets those go that waited for no more than is published.
    mutating func announce(_ slot: Int) {
        let table = states[slot].blockTable
        releaseFollowers(of: slot, upTo: table.publishedBlockCount)
        retract(slot)
        let end = (table.publishedBlockCount + 1) * configuration.blockSize
        guard table.publishes, end <= knownTokenCount(of: slot),
            let key = cache.key(
                ofBlock: table.publishedBlockCount, of: states[slot].tokens,
                table: &states[slot].blockTable)
        else { return }
        states[slot].announcedKey = key
        if inFlight[key] == nil { inFlight[key] = slot }
    }

    /// Lets all followers of a sequence go, which computes nothing for them any more.
    mutating func abandon(_ slot: Int) {
        retract(slot)
        releaseFollowers(of: slot, upTo: .max)
    }

    /// Takes a sequence that ends while it waits from its leader.
    mutating func leave(_ slot: Int) {
        guard let leader = states[slot].leader else { return }
        states[leader].followers.removeAll { $0.entry.slot == slot }
    }

    /// Another sequence that computes the same block takes the place in `inFlight`.
    private mutating func retract(_ slot: Int) {
        guard let key = states[slot].announcedKey else { return }
        states[slot].announcedKey = nil
        guard inFlight[key] == slot else { return }
        inFlight[key] = running.first { states[$0].announcedKey == key }
    }

    private mutating func releaseFollowers(of slot: Int, upTo blockCount: Int) {
        guard !states[slot].followers.isEmpty else { return }
        let released = states[slot].followers.filter { $0.blockCount <= blockCount }
        states[slot].followers.removeAll { $0.blockCount <= blockCount }
        for follower in released {
            states[follower.entry.slot].status = .waiting
            states[follower.entry.slot].leader = nil
            enqueue(follower.entry.slot)
        }
    }
}
