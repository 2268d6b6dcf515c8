/// Admitting waiting sequences.
extension Scheduler {
    /// The first in the queue that may run beside those that do.
    mutating func nextWaiting() -> WaitingEntry? {
        guard running.count < configuration.maximumSequenceCount else { return nil }
        let startsNew = running.count < configuration.startingSequenceCountMax
        while let entry = waiting.first(startsNew: startsNew) {
            if entry.isCurrent(in: states) { return entry }
            waiting.remove(entry)
        }
        return nil
    }

    /// Admits the first in the queue and computes the beginning of its prompt, or lets it follow
    /// another.
    ///
    /// It is admitted if its known tokens fit as a whole beside what the running ones will need
    /// soon; otherwise chunks of long prompts would lock each other out, and admissions would end
    /// in preemptions.
    ///
    /// - Returns: false if it has to wait and nobody may overtake it.
    mutating func admit(_ entry: WaitingEntry, in step: inout StepDraft) -> Bool {
        let slot = entry.slot
        guard !isPastModelLength(slot) else {
            step.batch.unschedulable.append(states[slot].id)
            return false
        }
        let prefix = cachedPrefix(for: slot)
        if follow(entry, after: prefix) {
            waiting.remove(entry)
            return true
        }
        let pledged = step.pledgedBlockCount ?? running.reduce(0) { $0 + pledge(to: $1) }
        let freeCount = cache.freeBlockCount(taking: prefix, andUpTo: knownTokenCount(of: slot))
        guard freeCount >= pledged else { return false }
        waiting.remove(entry)
        start(slot, with: prefix, in: &step.batch)
        compute(slot, in: &step)
        step.pledgedBlockCount = pledged + pledge(to: slot)
        return true
    }

    private mutating func cachedPrefix(for slot: Int) -> [Int32] {
        guard states[slot].readsPrefixCache else { return [] }
        return cache.prefix(of: states[slot].tokens, table: &states[slot].blockTable)
    }

    private mutating func start(
        _ slot: Int, with prefix: [Int32], in batch: inout ScheduledBatch
    ) {
        let partial = partialBlock(for: slot, after: prefix)
        cache.adopt(prefix, into: &states[slot].blockTable)
        states[slot].computedTokenCount = prefix.count * configuration.blockSize
        var copiedTokenCount = 0
        if let partial, let copy = cache.append(partial, to: &states[slot].blockTable) {
            copiedTokenCount = copy.tokenCount
            states[slot].computedTokenCount += copiedTokenCount
            if copy.source != copy.target { batch.copies.append(copy) }
        }
        states[slot].status = .running
        running.append(slot)
        announce(slot)
        guard states[slot].cachedTokenCount == nil else { return }
        states[slot].cachedTokenCount = states[slot].computedTokenCount
        if configuration.enablesPrefixCaching, states[slot].readsPrefixCache {
            prefixCacheQueriedTokenCount += states[slot].promptTokenCount
            prefixCacheHitTokenCount += states[slot].computedTokenCount
            prefixCacheCopiedTokenCount += copiedTokenCount
        }
    }

    private func partialBlock(for slot: Int, after prefix: [Int32]) -> PartialBlock? {
        guard configuration.reusesPartialBlocks, states[slot].readsPrefixCache else { return nil }
        return cache.partialBlock(
            of: states[slot].tokens, after: prefix, table: states[slot].blockTable)
    }

    /// The blocks that a running sequence does not hold yet and needs for its known tokens and,
    /// unless it is expected to end before, for the next few.
    private func pledge(to slot: Int) -> Int {
        let state = states[slot]
        let grownCount = min(
            state.tokens.count + configuration.admissionHeadroomTokenCount,
            state.expectedLengthMax, configuration.maximumModelLength)
        let tokenCount = max(grownCount, knownTokenCount(of: slot))
        return cache.blockCount(covering: tokenCount) - state.blockTable.count
    }
}
