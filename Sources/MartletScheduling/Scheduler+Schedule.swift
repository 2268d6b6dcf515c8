/// The policy: running sequences first, in order of admission; then waiting ones, in order of rank.
extension Scheduler {
    /// Decides one step and counts its tokens as computed.
    package mutating func schedule() -> ScheduledBatch {
        completeStep()
        var batch = ScheduledBatch()
        batch.sequences.reserveCapacity(running.count)
        continueRunning(&batch)
        if batch.preempted.isEmpty {
            admitWaiting(&batch)
        }
        dropStaleWaitingEntries()
        return batch
    }

    private mutating func continueRunning(_ batch: inout ScheduledBatch) {
        for slot in running where states[slot].status == .running {
            let count = chunkLength(of: slot, in: batch)
            if count > 0 {
                guard reserve(slot, tokenCount: count, in: &batch) else { continue }
                assign(count, to: slot, in: &batch)
            } else if isPastModelLength(slot) {
                batch.unschedulable.append(states[slot].id)
            }
        }
        if !batch.preempted.isEmpty {
            running.removeAll { states[$0].status != .running }
        }
    }

    /// Admits sequences while the next one's known tokens fit as a whole beside what the running
    /// ones will need soon; otherwise chunks of long prompts would lock each other out, and
    /// admissions would end in preemptions.
    private mutating func admitWaiting(_ batch: inout ScheduledBatch) {
        var pledgedBlockCount: Int?
        while batch.totalTokenCount < configuration.maximumBatchedTokenCount,
            running.count < configuration.maximumSequenceCount, let entry = nextWaiting()
        {
            let slot = entry.slot
            guard !isPastModelLength(slot) else {
                batch.unschedulable.append(states[slot].id)
                break
            }
            let pledged = pledgedBlockCount ?? running.reduce(0) { $0 + pledge(to: $1) }
            let prefix = cachedPrefix(for: slot)
            let knownCount = knownTokenCount(of: slot)
            guard cache.freeBlockCount(taking: prefix, andUpTo: knownCount) >= pledged else {
                break
            }
            waiting.remove(entry)
            admit(slot, with: prefix)
            let count = chunkLength(of: slot, in: batch)
            guard reserve(slot, tokenCount: count, in: &batch) else { break }
            assign(count, to: slot, in: &batch)
            pledgedBlockCount = pledged + pledge(to: slot)
        }
    }

    /// How many of the tokens that it is behind by a sequence may compute in this step.
    private func chunkLength(of slot: Int, in batch: ScheduledBatch) -> Int {
        let behind = knownTokenCount(of: slot) - states[slot].computedTokenCount
        let budget = configuration.maximumBatchedTokenCount - batch.totalTokenCount
        let threshold = configuration.longPrefillTokenThreshold
        let isThrottled = threshold > 0 && slots.count > 1
        return min(behind, isThrottled ? min(threshold, budget) : budget)
    }

    /// Gives a sequence the blocks for `tokenCount` more tokens, if need be by preempting others,
    /// the largest rank first. That may be the sequence itself: then the answer is false.
    private mutating func reserve(
        _ slot: Int, tokenCount: Int, in batch: inout ScheduledBatch
    ) -> Bool {
        let end = states[slot].computedTokenCount + tokenCount
        while !cache.grow(&states[slot].blockTable, toCover: end) {
            let victim = lastInRank() ?? slot
            if victim == slot, running.count - batch.preempted.count <= 1 {
                batch.unschedulable.append(states[slot].id)
                return false
            }
            preempt(victim, in: &batch)
            if victim == slot { return false }
        }
        return true
    }

    private func lastInRank() -> Int? {
        running.lazy.filter { states[$0].status == .running }
            .max { states[$0].rank < states[$1].rank }
    }

    /// Takes all blocks from a sequence and the sequence out of the step.
    private mutating func preempt(_ slot: Int, in batch: inout ScheduledBatch) {
        let id = states[slot].id
        cache.release(&states[slot].blockTable)
        states[slot].computedTokenCount = 0
        states[slot].status = .waiting
        if let index = batch.started.firstIndex(of: id) {
            batch.started.remove(at: index)
            states[slot].hasStarted = false
        }
        let entry = WaitingEntry(rank: states[slot].rank, slot: slot)
        waiting.insert(entry, isNew: !states[slot].hasStarted)
        preemptionCount += 1
        batch.preempted.append(id)
        if let index = batch.sequences.firstIndex(where: { $0.id == id }) {
            batch.totalTokenCount -= batch.sequences.remove(at: index).tokens.count
        }
    }

    private mutating func nextWaiting() -> WaitingEntry? {
        let startsNew = running.count < configuration.startingSequenceCountMax
        while let entry = waiting.first(startsNew: startsNew) {
            if entry.isCurrent(in: states) { return entry }
            waiting.remove(entry)
        }
        return nil
    }

    private mutating func cachedPrefix(for slot: Int) -> [Int32] {
        guard states[slot].readsPrefixCache else { return [] }
        return cache.prefix(of: states[slot].tokens, table: &states[slot].blockTable)
    }

    private mutating func admit(_ slot: Int, with prefix: [Int32]) {
        cache.adopt(prefix, into: &states[slot].blockTable)
        states[slot].computedTokenCount = prefix.count * configuration.blockSize
        states[slot].status = .running
        running.append(slot)
        guard states[slot].cachedTokenCount == nil else { return }
        states[slot].cachedTokenCount = states[slot].computedTokenCount
        if configuration.enablesPrefixCaching, states[slot].readsPrefixCache {
            prefixCacheQueriedTokenCount += states[slot].promptTokenCount
            prefixCacheHitTokenCount += states[slot].computedTokenCount
        }
    }

    /// Puts the next `count` tokens of a sequence, for which it has blocks, into the step.
    private mutating func assign(
        _ count: Int, to slot: Int, in batch: inout ScheduledBatch
    ) {
        let start = states[slot].computedTokenCount
        let end = start + count
        states[slot].computedTokenCount = end
        batch.totalTokenCount += count
        if !states[slot].hasStarted {
            states[slot].hasStarted = true
            batch.started.append(states[slot].id)
        }
        batch.sequences.append(states[slot].scheduled(from: start, to: end))
        if end / configuration.blockSize > start / configuration.blockSize {
            unpublished.append(slot)
        }
    }

    /// Whether a sequence has grown past what the model can compute.
    private func isPastModelLength(_ slot: Int) -> Bool {
        states[slot].tokens.count > configuration.maximumModelLength
    }

    /// The tokens of a sequence that the model's length lets it compute.
    private func knownTokenCount(of slot: Int) -> Int {
        min(states[slot].tokens.count, configuration.maximumModelLength)
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
