/// A sequence as it is handed to the scheduler.
package struct SchedulerRequest: Sendable {
    package var id: SequenceID
    package var promptTokens: [Int32]
    /// The most tokens that the sequence can have in the end, prompt included, if that is known. An
    /// expectation, not a limit: it keeps short answers from reserving room for long ones.
    package var expectedLengthMax: Int?
    /// Smaller is more urgent. Only `SchedulingPolicy.priority` looks at it.
    package var priority: Int
    /// Whose sequence it is, such as an API key or a user. Only `SchedulingPolicy.fair` looks at
    /// it. All sequences of nobody in particular belong to one anonymous client.
    package var client: String?
    /// When it came, by a clock of the caller that never goes back.
    package var arrivalMilliseconds: UInt64
    /// Sequences share cached blocks only with those of the same salt (or, like them, without one).
    package var cacheSalt: String?
    /// Asks for the logits of every prompt row, not only of the last.
    package var wantsPromptLogprobs: Bool
    /// Whether blocks computed for other sequences may be used. Blocks are given to the cache
    /// either way.
    package var readsPrefixCache: Bool

    /// - Parameter readsPrefixCache: nil for the usual: yes, unless prompt logprobs are wanted,
    ///   which exist only for rows that are computed.
    package init(
        id: SequenceID, promptTokens: [Int32], expectedLengthMax: Int? = nil, priority: Int = 0,
        client: String? = nil, arrivalMilliseconds: UInt64 = 0,
        cacheSalt: String? = nil, wantsPromptLogprobs: Bool = false, readsPrefixCache: Bool? = nil
    ) {
        self.id = id
        self.promptTokens = promptTokens
        self.expectedLengthMax = expectedLengthMax
        self.priority = priority
        self.client = client
        self.arrivalMilliseconds = arrivalMilliseconds
        self.cacheSalt = cacheSalt
        self.wantsPromptLogprobs = wantsPromptLogprobs
        self.readsPrefixCache = readsPrefixCache ?? !wantsPromptLogprobs
    }
}
