/// The policy. A step serves, within its token budget and in the order of the sequences' urgency,
/// first those that generate, a token each, then prompts: chunks of running sequences' and, where
/// there is room, those of waiting ones.
extension Scheduler {
    /// The part of a step that clients' generation gets beside a prompt of one that was served
    /// less: enough to go on, too little to make the step longer by much.
    private static let outrankedPart = 8

    /// Decides one step and counts its tokens as computed.
    package mutating func schedule() -> ScheduledBatch {
        completeStep()
        var step = StepDraft(reusing: &latestDraft)
        defer { latestDraft = step }
        step.agenda.fill(running, order: { order(of: $0) }, generates: { generates($0) })
        let (generating, prompts) = (step.agenda.generating, step.agenda.prompts)
        let held = generate(generating, before: prompts.first, in: &step)
        let generatedCount = step.batch.totalTokenCount
        computePrompts(prompts, in: &step)
        // Where the prompts they were held back for could not be computed, they go on.
        if step.batch.totalTokenCount == generatedCount { generate(held, in: &step) }
        heldBack = !held.isEmpty
        clients.dropStaleEntries(states: states)
        return step.batch
    }

    /// Serves sequences that are behind by one token at most. The last token of the budget is left
    /// to the first prompt if that is more urgent, and most of it to one of a client that was
    /// served less, though not in two steps on end: else prompts that never cease would stop those
    /// that come last.
    ///
    /// - Returns: those that are held back so that such a prompt is computed soon.
    private mutating func generate(
        _ slots: [Int], before prompt: Int?, in step: inout StepDraft
    ) -> [Int] {
        let waiting = nextWaiting(in: step).map { order(of: $0) }
        guard let first = earlier(prompt.map { order(of: $0) }, waiting) else {
            generate(slots, in: &step)
            return []
        }
        let shareMax = max(1, configuration.maximumBatchedTokenCount / Self.outrankedPart)
        var held: [Int] = []
        for slot in slots {
            let own = order(of: slot)
            let isOutserved = !heldBack && first.servedTokenCount < own.servedTokenCount
            if (first < own && budget(of: step) == 1)
                || (isOutserved && step.batch.totalTokenCount >= shareMax)
            {
                held.append(slot)
            } else {
                compute(slot, in: &step)
            }
        }
        return held
    }

    private func earlier(_ one: ServiceOrder?, _ other: ServiceOrder?) -> ServiceOrder? {
        guard let one, let other else { return one ?? other }
        return min(one, other)
    }

    private mutating func generate(_ slots: [Int], in step: inout StepDraft) {
        for slot in slots where budget(of: step) > 0 { compute(slot, in: &step) }
    }

    /// Serves the prompts of running and waiting sequences in one order.
    private mutating func computePrompts(_ slots: [Int], in step: inout StepDraft) {
        var prompts = slots[...]
        var admits = true
        while budget(of: step) > 0 {
            if admits, let entry = nextWaiting(in: step),
                prompts.first.map({ order(of: entry) < order(of: $0) }) ?? true
            {
                admits = admit(entry, in: &step)
            } else if let slot = prompts.popFirst() {
                compute(slot, in: &step)
            } else {
                return
            }
        }
    }

    /// Gives a running sequence what it may compute in this step.
    mutating func compute(_ slot: Int, in step: inout StepDraft) {
        guard states[slot].status == .running else { return }
        let count = chunkLength(of: slot, in: step)
        if count > 0 {
            step.pledgedBlockCount = nil
            guard reserve(slot, tokenCount: count, in: &step) else { return }
            assign(count, to: slot, in: &step.batch)
        } else if isPastModelLength(slot) {
            step.batch.unschedulable.append(states[slot].id)
        }
    }

    /// How many of the tokens that it is behind by a sequence may compute in this step.
    private func chunkLength(of slot: Int, in step: StepDraft) -> Int {
        let behind = knownTokenCount(of: slot) - states[slot].computedTokenCount
        let threshold = configuration.longPrefillTokenThreshold
        let isThrottled = threshold > 0 && slots.count > 1
        return min(behind, budget(of: step), isThrottled ? threshold : .max)
    }

    private func budget(of step: StepDraft) -> Int {
        configuration.maximumBatchedTokenCount - step.batch.totalTokenCount
    }

    /// The order of a running sequence, or of a waiting one that needs it sooner.
    func order(of slot: Int) -> ServiceOrder {
        let own = order(of: WaitingEntry(rank: states[slot].rank, slot: slot))
        return states[slot].followers.reduce(own) { min($0, order(of: $1.entry)) }
    }

    func order(of entry: WaitingEntry) -> ServiceOrder {
        let client = clients.accounts[states[entry.slot].client]
        return ServiceOrder(servedTokenCount: client.servedTokenCount, rank: entry.rank)
    }

    /// Whether a sequence has nothing but its latest token to compute.
    private func generates(_ slot: Int) -> Bool {
        knownTokenCount(of: slot) - states[slot].computedTokenCount <= 1
    }

    /// Puts the next `count` tokens of a sequence, for which it has blocks, into the step.
    private mutating func assign(
        _ count: Int, to slot: Int, in batch: inout ScheduledBatch
    ) {
        let start = states[slot].computedTokenCount
        let end = start + count
        states[slot].computedTokenCount = end
        batch.totalTokenCount += count
        charge(slot, upTo: end)
        if !states[slot].hasStarted {
            states[slot].hasStarted = true
            batch.started.append(states[slot].id)
        }
        batch.sequences.append(states[slot].scheduled(from: start, to: end))
        if end / configuration.blockSize > start / configuration.blockSize {
            unpublished.append(slot)
        }
    }
}

extension Scheduler {
    /// Whether a sequence has grown past what the model can compute.
    func isPastModelLength(_ slot: Int) -> Bool {
        states[slot].tokens.count > configuration.maximumModelLength
    }

    /// The tokens of a sequence that the model's length lets it compute.
    func knownTokenCount(of slot: Int) -> Int {
        min(states[slot].tokens.count, configuration.maximumModelLength)
    }
}
