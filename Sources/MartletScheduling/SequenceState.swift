/// What the scheduler knows of one sequence.
struct SequenceState: Sendable {
    enum Status: Sendable {
        case waiting, running
        /// Waits, outside the queue, for blocks that its leader computes.
        case deferred
    }

    /// What a slot holds while no sequence does.
    static let vacant = SequenceState(
        SchedulerRequest(id: SequenceID(rawValue: .max), promptTokens: []),
        rank: SequenceRank(urgency: .max, arrival: .max), client: -1,
        blockTable: BlockTable(scope: PrefixScope(), scopeKey: PrefixKey(low: 0, high: 0)))

    let id: SequenceID
    let rank: SequenceRank
    let priority: Int
    /// The index of its client.
    let client: Int
    let promptTokenCount: Int
    let expectedLengthMax: Int
    let wantsPromptLogprobs: Bool
    let readsPrefixCache: Bool

    var status = Status.waiting
    /// Whether a step has computed any of it.
    var hasStarted = false
    /// The prompt and everything sampled since. Grows only.
    var tokens: [Int32]
    /// How many leading tokens have their keys and values in the blocks, those of the step under
    /// way included.
    var computedTokenCount = 0
    var blockTable: BlockTable
    /// How many leading tokens its client has been charged for, or took from the prefix cache.
    var chargedTokenCount = 0
    /// The slot of the running sequence that a deferred one follows.
    var leader: Int?
    /// The deferred sequences that follow this one while it runs.
    var followers: [Follower] = []
    /// The key of the block that this one publishes next, while it runs.
    var announcedKey: PrefixKey?
    /// What the first admission found in the prefix cache; nil before it.
    var cachedTokenCount: Int?

    init(
        _ request: SchedulerRequest, rank: SequenceRank, client: Int, blockTable: BlockTable
    ) {
        id = request.id
        self.rank = rank
        priority = request.priority
        self.client = client
        promptTokenCount = request.promptTokens.count
        expectedLengthMax = request.expectedLengthMax ?? .max
        wantsPromptLogprobs = request.wantsPromptLogprobs
        readsPrefixCache = request.readsPrefixCache
        tokens = request.promptTokens
        self.blockTable = blockTable
    }
}

extension SequenceState {
    /// The entry of a step that computes the tokens `start ..< end`.
    func scheduled(from start: Int, to end: Int) -> ScheduledSequence {
        ScheduledSequence(
            id: id, tokens: tokens[start..<end], startPosition: start,
            blockTable: blockTable.blocks, samples: end == tokens.count,
            wantsPromptLogprobs: wantsPromptLogprobs && start < promptTokenCount - 1,
            cachedTokenCount: cachedTokenCount ?? 0)
    }
}
