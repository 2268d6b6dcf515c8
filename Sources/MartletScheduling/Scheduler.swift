/// Decides which tokens run next.
///
/// There is no phase for prompts and none for generation: every sequence has computed some of its
/// known tokens, and a step gives it some of those that it is behind by. Chunked prefill, cached
/// prefixes and resuming after preemption are all this one rule.
///
/// A step goes: `schedule()`, the executor computes the batch, `append` for every sequence that
/// sampled, `finish` for those that ended. The scheduler is a value, holds no tensors and knows no
/// time; equal calls give equal decisions.
package struct Scheduler: Sendable {
    package internal(set) var configuration: SchedulerConfiguration

    var cache: KVCacheManager
    /// The sequences, each at its slot; the slots of `vacantSlots` are empty.
    var states: [SequenceState] = []
    var vacantSlots: [Int] = []
    var slots: [SequenceID: Int] = [:]
    /// The slots of running sequences, in order of admission.
    var running: [Int] = []
    /// The clients, with the queues of their waiting sequences.
    var clients: ClientTable
    /// Which running sequence computes the block of a key, for blocks that all tokens are known of.
    var inFlight: [PrefixKey: Int] = [:]
    /// The slots that filled a block in the step under way.
    var unpublished: [Int] = []

    /// The latest step. It is there for its memory: a step allocates nothing while it has no more
    /// to hold than those before it, and nobody keeps their batches.
    var latestDraft = StepDraft()

    /// Whether generation was held back in the latest step for the sake of a prompt.
    var heldBack = false

    private var arrivalCount: UInt64 = 0
    var prefixCacheQueriedTokenCount = 0
    var prefixCacheHitTokenCount = 0
    var prefixCacheCopiedTokenCount = 0
    var preemptionCount = 0

    package init(configuration: SchedulerConfiguration) {
        precondition(configuration.maximumSequenceCount > 0, "someone has to run")
        precondition(configuration.startingSequenceCountMax > 0, "someone has to start")
        precondition(configuration.maximumBatchedTokenCount > 0, "a step computes something")
        precondition(configuration.agingInterval >= 0, "priorities do not turn round")
        precondition(configuration.outputTokenWeight >= 0, "nobody is paid for tokens")
        self.configuration = configuration
        cache = KVCacheManager(configuration)
        clients = ClientTable(creditMax: 2 * configuration.maximumBatchedTokenCount)
    }

    package var runningCount: Int { running.count }

    /// Sequences that hold no blocks: new, preempted and deferred ones.
    package var waitingCount: Int { slots.count - running.count }

    package var hasUnfinishedSequences: Bool { !slots.isEmpty }

    /// Queues a sequence.
    ///
    /// - Throws: if the sequence could never be admitted, however long it waited.
    package mutating func add(_ request: SchedulerRequest) throws(SchedulingError) {
        let tokenCount = request.promptTokens.count
        let blockCount = cache.blockCount(covering: tokenCount)
        guard slots[request.id] == nil else { throw .duplicateSequence(request.id) }
        guard tokenCount > 0 else { throw .emptyPrompt(request.id) }
        guard tokenCount <= configuration.maximumModelLength else {
            throw .promptTooLong(
                request.id, tokenCount: tokenCount,
                maximumTokenCount: configuration.maximumModelLength)
        }
        guard blockCount <= cache.pool.blockCount else {
            throw .promptExceedsCache(
                request.id, blockCount: blockCount, availableBlockCount: cache.pool.blockCount)
        }
        let rank = configuration.policy.rank(
            of: request, arrival: arrivalCount, agingInterval: configuration.agingInterval)
        arrivalCount += 1
        let table = cache.makeTable(scope: PrefixScope(cacheSalt: request.cacheSalt))
        let client = clients.join(configuration.policy == .fair ? request.client : nil)
        let slot = insert(SequenceState(request, rank: rank, client: client, blockTable: table))
        slots[request.id] = slot
        enqueue(slot)
    }

    /// Marks the step as computed: blocks that it filled become findable. Every `append` and every
    /// `schedule()` does so too; call it where sequences may finish without a token of their own,
    /// after the executor is done and before they finish.
    package mutating func completeStep() {
        for slot in unpublished {
            cache.publish(
                &states[slot].blockTable, tokens: states[slot].tokens,
                tokenCount: states[slot].computedTokenCount)
            if states[slot].status == .running { announce(slot) }
        }
        unpublished.removeAll(keepingCapacity: true)
    }

    /// Adds the token that `id` sampled in this step.
    ///
    /// - Returns: false, and nothing happens, if the sequence has finished, was preempted or did
    ///   not sample.
    @discardableResult
    package mutating func append(_ token: Int32, to id: SequenceID) -> Bool {
        completeStep()
        guard let slot = slots[id], states[slot].status == .running,
            states[slot].computedTokenCount == states[slot].tokens.count
        else { return false }
        states[slot].tokens.append(token)
        if states[slot].tokens.count % configuration.blockSize == 0 { announce(slot) }
        return true
    }

    /// Forgets a sequence, done or cancelled, waiting or running, at any time, and frees its
    /// blocks. Does nothing for one that is not known.
    package mutating func finish(_ id: SequenceID) {
        guard let slot = slots.removeValue(forKey: id) else { return }
        switch states[slot].status {
        case .running:
            cache.release(&states[slot].blockTable)
            stop(slot)
        case .deferred: leave(slot)
        case .waiting: break
        }
        let client = states[slot].client
        states[slot] = .vacant
        vacantSlots.append(slot)
        clients.leave(client)
        clients.dropStaleEntries(states: states)
    }

    /// Forgets what every block holds, as is needed when the weights change.
    ///
    /// - Returns: whether that was all: false if running sequences go on with blocks computed
    ///   before. They keep these to themselves.
    @discardableResult
    package mutating func resetPrefixCache() -> Bool {
        cache.resetPrefixCache()
        for slot in running {
            states[slot].blockTable.publishes = false
            abandon(slot)
        }
        return running.isEmpty
    }

    private mutating func insert(_ state: SequenceState) -> Int {
        if let slot = vacantSlots.popLast() {
            states[slot] = state
            return slot
        }
        states.append(state)
        return states.count - 1
    }

    /// Puts a waiting sequence into the queue.
    mutating func enqueue(_ slot: Int) {
        let entry = WaitingEntry(rank: states[slot].rank, slot: slot)
        clients.accounts[states[slot].client].queue.insert(entry, isNew: !states[slot].hasStarted)
    }

    /// Takes a sequence from those that run.
    mutating func stop(_ slot: Int) {
        running.removeAll { $0 == slot }
        clients.accounts[states[slot].client].runningCount -= 1
        abandon(slot)
    }
}
