/// A sequence as it is handed to the scheduler.
package struct SchedulerRequest: Sendable {
    package var id: SequenceID
    package var promptTokens: [Int32]
    /// The most tokens that the sequence can have in the end, prompt included, if that is known. An
    /// expectation, not a limit: it keeps short answers from reserving room for long ones.
    package var expectedLengthMax: Int?
    /// Smaller is more urgent. Only `SchedulingPolicy.priority` looks at it.
    package var priority: Int
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
        cacheSalt: String? = nil, wantsPromptLogprobs: Bool = false, readsPrefixCache: Bool? = nil
    ) {
        self.id = id
        self.promptTokens = promptTokens
        self.expectedLengthMax = expectedLengthMax
        self.priority = priority
        self.cacheSalt = cacheSalt
        self.wantsPromptLogprobs = wantsPromptLogprobs
        self.readsPrefixCache = readsPrefixCache ?? !wantsPromptLogprobs
    }
}
