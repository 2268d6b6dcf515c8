extension Scheduler {
    /// Checks every statement that must hold between two calls. For tests.
    ///
    /// - Throws: the first violation found.
    /// - Complexity: O(sequences + blocks + cached tokens).
    package func checkInvariants() throws(InvariantViolation) {
        try cache.checkInvariants()
        try checkReferenceCounts()
        try checkSlots()
        for slot in running { try checkRunning(slot) }
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
        var holders = Array(repeating: -1, count: cache.pool.blockCount)
        for slot in slots.values {
            for block in states[slot].blockTable.blocks {
                try InvariantViolation.check(
                    holders[Int(block)] != slot, "\(states[slot].id) holds a block twice")
                holders[Int(block)] = slot
                counts[Int(block)] += 1
            }
        }
        for (block, count) in counts.enumerated() {
            let held = cache.pool.referenceCount(of: Int32(block))
            try InvariantViolation.check(
                held == count, "block \(block) is held \(held) times and in \(count) tables")
        }
    }

    /// A slot has one sequence or is vacant, and the running ones are those in the list.
    private func checkSlots() throws(InvariantViolation) {
        var useCounts = Array(repeating: 0, count: states.count)
        for slot in slots.values { useCounts[slot] += 1 }
        for slot in vacantSlots { useCounts[slot] += 1 }
        try InvariantViolation.check(
            useCounts.allSatisfy { $0 == 1 }, "slots are shared or lost")
        for slot in running { useCounts[slot] += 1 }
        for (id, slot) in slots {
            try InvariantViolation.check(
                states[slot].id == id
                    && (useCounts[slot] == 2) == (states[slot].status == .running),
                "\(id) is at another's slot, or runs and is not listed")
        }
    }

    private func checkRunning(_ slot: Int) throws(InvariantViolation) {
        let computed = states[slot].computedTokenCount
        let tableCount = states[slot].blockTable.count
        try InvariantViolation.check(
            computed <= states[slot].tokens.count
                && tableCount == cache.blockCount(covering: computed),
            "\(states[slot].id) has \(tableCount) blocks for \(computed) tokens")
        try InvariantViolation.check(
            states[slot].blockTable.publishedBlockCount <= computed / configuration.blockSize,
            "\(states[slot].id) has published blocks that it has not computed")
    }

    /// Who waits and is not deferred is in the queue of its client once, and holds nothing.
    private func checkWaiting() throws(InvariantViolation) {
        var isQueued = Array(repeating: false, count: states.count)
        for (index, client) in clients.accounts.enumerated() {
            try InvariantViolation.check(
                client.queue.count <= client.queueCountMax,
                "a queue has \(client.queue.count) entries for \(client.sequenceCount) sequences")
            for entry in client.queue.entries where entry.isCurrent(in: states) {
                let slot = entry.slot
                try InvariantViolation.check(
                    !isQueued[slot] && states[slot].client == index
                        && states[slot].blockTable.count == 0
                        && states[slot].computedTokenCount == 0,
                    "\(states[slot].id) is queued twice or with another client, or holds blocks")
                isQueued[slot] = true
            }
        }
        for slot in slots.values {
            try InvariantViolation.check(
                isQueued[slot] == (states[slot].status == .waiting),
                "\(states[slot].id) waits outside the queue")
        }
    }
}
