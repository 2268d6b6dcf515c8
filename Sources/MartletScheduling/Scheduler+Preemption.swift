/// Taking blocks from running sequences. What they computed stays findable until it is used again.
extension Scheduler {
    /// Gives a sequence the blocks for `tokenCount` more tokens, if need be by preempting others,
    /// the least urgent first. That may be the sequence itself: then the answer is false.
    mutating func reserve(_ slot: Int, tokenCount: Int, in step: inout StepDraft) -> Bool {
        let end = states[slot].computedTokenCount + tokenCount
        while !cache.grow(&states[slot].blockTable, toCover: end) {
            guard let victim = running.max(by: { order(of: $0) < order(of: $1) }),
                victim != slot || running.count > 1
            else {
                step.batch.unschedulable.append(states[slot].id)
                return false
            }
            step.isShortOfBlocks = true
            preempt(victim, in: &step.batch)
            if victim == slot { return false }
        }
        return true
    }

    /// Takes all blocks from a sequence and the sequence out of the step.
    mutating func preempt(_ slot: Int, in batch: inout ScheduledBatch) {
        let id = states[slot].id
        let blocks = states[slot].blockTable.blocks
        batch.copies.removeAll { blocks.contains($0.target) }
        cache.release(&states[slot].blockTable)
        states[slot].computedTokenCount = 0
        states[slot].status = .waiting
        stop(slot)
        if let index = batch.started.firstIndex(of: id) {
            batch.started.remove(at: index)
            states[slot].hasStarted = false
        }
        if let index = batch.sequences.firstIndex(where: { $0.id == id }) {
            batch.totalTokenCount -= batch.sequences.remove(at: index).tokens.count
        }
        enqueue(slot)
        preemptionCount += 1
        batch.preempted.append(id)
    }
}
