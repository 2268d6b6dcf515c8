/// Admitting waiting sequences.
extension Scheduler {
    /// The next to be admitted if there is room, or can be made.
    mutating func nextWaiting(in step: StepDraft) -> WaitingEntry? {
        guard !step.isShortOfBlocks,
            let entry = clients.first(startsNew: step.startsNew, states: states),
            !step.batch.preempted.contains(states[entry.slot].id)
        else { return nil }
        return entry
    }

    /// Admits a waiting sequence and computes the beginning of its prompt, or lets it follow
    /// another.
    ///
    /// It is admitted if its known tokens fit as a whole beside what the running ones will need
    /// soon; otherwise chunks of long prompts would lock each other out, and admissions would end
    /// in preemptions.
    ///
    /// - Returns: false if it has to wait and nobody may overtake it.
    mutating func admit(_ entry: WaitingEntry, in step: inout StepDraft) -> Bool {
        let slot = entry.slot
        guard !isPastModelLength(slot),
            cache.blockCount(covering: knownTokenCount(of: slot)) <= cache.pool.blockCount
        else {
            step.batch.unschedulable.append(states[slot].id)
            return false
        }
        guard
            mayStart(slot, besides: running.count)
                || nextVictim(for: slot, after: [], in: step) != nil
        else { return giveUp(on: slot, in: &step) }
        let prefix = cachedPrefix(for: slot)
        if follow(entry, after: prefix) {
            clients.accounts[states[slot].client].queue.remove(entry)
            return true
        }
        let pledged = step.pledgedBlockCount ?? running.reduce(0) { $0 + pledge(to: $1) }
        guard let victims = victims(for: slot, with: prefix, pledged: pledged, in: step)
        else { return giveUp(on: slot, in: &step) }
        clients.accounts[states[slot].client].queue.remove(entry)
        for victim in victims { preempt(victim, in: &step.batch) }
        start(slot, with: prefix, in: &step.batch)
        step.admitted.insert(slot)
        compute(slot, in: &step)
        step.pledgedBlockCount = victims.isEmpty ? pledged + pledge(to: slot) : nil
        return true
    }

    /// Whether as many sequences run as still allow this one to, or to start if it is new.
    func mayStart(_ slot: Int, besides runningCount: Int) -> Bool {
        let countMax =
            states[slot].hasStarted
            ? configuration.maximumSequenceCount
            : min(configuration.startingSequenceCountMax, configuration.maximumSequenceCount)
        return runningCount < countMax
    }

    /// Only those that have run before may overtake a new sequence that may not start.
    private func giveUp(on slot: Int, in step: inout StepDraft) -> Bool {
        guard !mayStart(slot, besides: running.count), !states[slot].hasStarted, step.startsNew
        else { return false }
        step.startsNew = false
        return running.count < configuration.maximumSequenceCount
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
        clients.accounts[states[slot].client].runningCount += 1
        announce(slot)
        guard states[slot].cachedTokenCount == nil else { return }
        states[slot].cachedTokenCount = states[slot].computedTokenCount
        states[slot].chargedTokenCount = states[slot].computedTokenCount
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
    func pledge(to slot: Int) -> Int {
        let grownCount = min(
            states[slot].tokens.count + configuration.admissionHeadroomTokenCount,
            states[slot].expectedLengthMax, configuration.maximumModelLength)
        let tokenCount = max(grownCount, knownTokenCount(of: slot))
        return cache.blockCount(covering: tokenCount) - states[slot].blockTable.count
    }
}
