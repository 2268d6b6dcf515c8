extension Scheduler {
    /// Whoever is deferred follows one running sequence, which has yet to publish blocks that both
    /// begin with; and whoever announced a block can be found by its key.
    func checkFollowers() throws(InvariantViolation) {
        var followerCount = 0
        for leader in running {
            for follower in states[leader].followers { try check(follower, of: leader) }
            followerCount += states[leader].followers.count
            guard let key = states[leader].announcedKey else { continue }
            try InvariantViolation.check(
                inFlight[key] != nil, "\(states[leader].id) computes a block nobody knows of")
        }
        let deferredCount = slots.values.count { states[$0].status == .deferred }
        try InvariantViolation.check(
            followerCount == deferredCount,
            "\(deferredCount) sequences are deferred, \(followerCount) follow")
        for (key, slot) in inFlight {
            try InvariantViolation.check(
                states[slot].status == .running && states[slot].announcedKey == key,
                "\(states[slot].id) is thought to compute a block")
        }
    }

    private func check(_ follower: Follower, of leader: Int) throws(InvariantViolation) {
        let (state, other) = (states[leader], states[follower.entry.slot])
        let end = follower.blockCount * configuration.blockSize
        try InvariantViolation.check(
            other.status == .deferred && other.leader == leader
                && other.rank == follower.entry.rank
                && other.blockTable.scope == state.blockTable.scope
                && other.tokens.prefix(end) == state.tokens.prefix(end)
                && end < other.tokens.count && state.blockTable.publishes
                && follower.blockCount > state.blockTable.publishedBlockCount,
            "\(other.id) follows \(state.id) in vain")
    }

    /// Every sequence belongs to one client, and only clients with sequences are kept.
    func checkClients() throws(InvariantViolation) {
        var sequenceCounts = Array(repeating: 0, count: clients.accounts.count)
        var runningCounts = sequenceCounts
        for slot in slots.values { sequenceCounts[states[slot].client] += 1 }
        for slot in running { runningCounts[states[slot].client] += 1 }
        try InvariantViolation.check(
            clients.accounts.map(\.sequenceCount) == sequenceCounts
                && clients.accounts.map(\.runningCount) == runningCounts,
            "clients have a wrong number of sequences")
        let activeCount = sequenceCounts.count { $0 > 0 }
        try InvariantViolation.check(
            clients.count == activeCount
                && clients.departed.count <= ClientTable.departedCountMax,
            "\(clients.count) clients are known, \(activeCount) have sequences")
    }
}
