extension Scheduler {
    /// Checks every statement that must hold between two calls. For tests.
    ///
    /// - Throws: the first violation found.
    /// - Complexity: O(sequences + blocks + cached tokens).
    package func checkInvariants() throws(InvariantViolation) {
        try cache.checkInvariants()
        try checkReferenceCounts()
        try checkSlots()
        for slot in running { try checkRunning(states[slot]) }
        try checkWaiting()
        try checkFollowers()
        try checkClients()
        try InvariantViolation.check(
            running.count <= configuration.maximumSequenceCount,
            "\(running.count) sequences run of at most \(configuration.maximumSequenceCount)")
    }

    /// A block is held as often as it is in a table, at most once in each.
    private func checkReferenceCounts() throws(InvariantViolation) {
        var counts = Array(repeating: 0, count: cache.pool.blockCount)
        for slot in slots.values {
            let blocks = states[slot].blockTable.blocks
            try InvariantViolation.check(
                Set(blocks).count == blocks.count, "\(states[slot].id) holds a block twice")
            for block in blocks { counts[Int(block)] += 1 }
        }
        for (block, count) in counts.enumerated() {
            let held = cache.pool.referenceCount(of: Int32(block))
            try InvariantViolation.check(
                held == count, "block \(block) is held \(held) times and in \(count) tables")
        }
    }

    private func checkSlots() throws(InvariantViolation) {
        try InvariantViolation.check(
            Set(slots.values).isDisjoint(with: vacantSlots)
                && Set(slots.values).count == slots.count
                && slots.count + vacantSlots.count == states.count,
            "slots are shared or lost")
        for (id, slot) in slots {
            try InvariantViolation.check(states[slot].id == id, "\(id) is at another's slot")
        }
        let runningSlots = Set(slots.values.filter { states[$0].status == .running })
        try InvariantViolation.check(
            runningSlots == Set(running) && runningSlots.count == running.count,
            "the list of running sequences is wrong")
    }

    private func checkRunning(_ state: SequenceState) throws(InvariantViolation) {
        let table = state.blockTable
        try InvariantViolation.check(
            state.computedTokenCount <= state.tokens.count
                && table.count == cache.blockCount(covering: state.computedTokenCount),
            "\(state.id) has \(table.count) blocks for \(state.computedTokenCount) tokens")
        try InvariantViolation.check(
            table.publishedBlockCount <= state.computedTokenCount / configuration.blockSize,
            "\(state.id) has published blocks that it has not computed")
    }

    private func checkWaiting() throws(InvariantViolation) {
        let queuedCount = waitingCount - statistics.deferredCount
        let entries = slots.isEmpty ? [] : clients.accounts.flatMap(\.queue.entries)
        let current = entries.filter { $0.isCurrent(in: states) }
        try InvariantViolation.check(
            current.count == queuedCount && Set(current.map(\.slot)).count == queuedCount,
            "\(queuedCount) sequences are in the queue, \(current.count) are found there")
        for client in clients.accounts {
            try InvariantViolation.check(
                client.queue.count <= client.queueCountMax,
                "a queue has \(client.queue.count) entries for \(waitingCount) sequences")
        }
        for entry in current {
            let state = states[entry.slot]
            try InvariantViolation.check(
                state.blockTable.count == 0 && state.computedTokenCount == 0,
                "\(state.id) waits and holds blocks")
        }
    }

    /// Whoever is deferred follows one running sequence, which has yet to publish blocks that both
    /// begin with; and whoever announced a block can be found by its key.
    private func checkFollowers() throws(InvariantViolation) {
        let deferred = slots.values.filter { states[$0].status == .deferred }
        let followers = running.flatMap { states[$0].followers }
        try InvariantViolation.check(
            Set(followers.map(\.entry.slot)) == Set(deferred) && followers.count == deferred.count,
            "\(deferred.count) sequences are deferred, \(followers.count) follow")
        for leader in running {
            let state = states[leader]
            for follower in state.followers {
                let other = states[follower.entry.slot]
                let end = follower.blockCount * configuration.blockSize
                try InvariantViolation.check(
                    other.leader == leader && other.rank == follower.entry.rank
                        && other.blockTable.scope == state.blockTable.scope
                        && other.tokens.prefix(end) == state.tokens.prefix(end)
                        && end < other.tokens.count && state.blockTable.publishes
                        && follower.blockCount > state.blockTable.publishedBlockCount,
                    "\(other.id) follows \(state.id) in vain")
            }
            guard let key = state.announcedKey else { continue }
            try InvariantViolation.check(
                inFlight[key] != nil, "\(state.id) has announced a block that is not in flight")
        }
        for (key, slot) in inFlight {
            try InvariantViolation.check(
                states[slot].status == .running && states[slot].announcedKey == key,
                "\(states[slot].id) is thought to compute a block")
        }
    }

    /// Every sequence belongs to one client, and only clients with sequences are kept.
    private func checkClients() throws(InvariantViolation) {
        let sequenceCounts = slots.values.reduce(into: [:]) {
            $0[states[$1].client, default: 0] += 1
        }
        let runningCounts = running.reduce(into: [:]) { $0[states[$1].client, default: 0] += 1 }
        try InvariantViolation.check(
            clients.count == sequenceCounts.count
                && clients.departed.count <= ClientTable.departedCountMax,
            "\(clients.count) clients are known, \(sequenceCounts.count) have sequences")
        for (index, account) in clients.accounts.enumerated() {
            try InvariantViolation.check(
                account.sequenceCount == sequenceCounts[index] ?? 0
                    && account.runningCount == runningCounts[index] ?? 0,
                "client \(index) has a wrong number of sequences")
        }
    }
}
