/// The limits within which a scheduler decides. Counts of tokens, blocks and sequences, all
/// positive unless said otherwise.
package struct SchedulerConfiguration: Sendable {
    /// The most sequences that may run at a time.
    package var maximumSequenceCount: Int
    /// A sequence that has never run starts only while fewer than this many run. Those that were
    /// preempted may go on beyond it.
    package var startingSequenceCountMax: Int
    /// The most tokens that one step may compute.
    package var maximumBatchedTokenCount: Int
    /// The most tokens that one sequence may have computed, prompt included.
    package var maximumModelLength: Int
    /// Tokens in one block of the KV cache.
    package var blockSize: Int
    /// Blocks in the KV cache; zero is allowed and admits nothing.
    package var blockCount: Int
    package var enablesPrefixCaching: Bool
    /// Whether a cached block that begins as a prompt goes on is copied, to be computed only from
    /// where they differ. Needs an executor that carries out `ScheduledBatch.copies`.
    package var reusesPartialBlocks: Bool
    /// Whether the keys of blocks that are used for other content are kept for
    /// `takeEvictedKeys()`, which someone must then call.
    package var tracksEvictions: Bool
    /// The most tokens of one sequence in one step while there are other sequences, so that a long
    /// prompt leaves room for short ones. Zero turns it off.
    package var longPrefillTokenThreshold: Int
    /// How many more tokens each running sequence must find room for before another is admitted.
    /// Without it a full cache admits sequences only to preempt them soon after: with 30 running
    /// and answers of about 500 tokens, 1.5 to 1.7 tokens were computed for one delivered, against
    /// 1.2 with the default.
    package var admissionHeadroomTokenCount: Int
    package var policy: SchedulingPolicy
    /// How many milliseconds of waiting make up for one level of priority; zero makes priorities
    /// count for preemption alone.
    package var agingInterval: Int
    /// How many computed prompt tokens one generated token counts for under the fair policy, since
    /// it takes a row of a step for itself and is computed beside all that came before.
    package var outputTokenWeight: Int
    /// Turns the contents of blocks into keys; seeded at random, so that nobody outside can search
    /// for contents whose keys collide.
    package var prefixHasher: PrefixHasher

    /// - Parameter startingSequenceCountMax: nil for as many as may run.
    package init(
        maximumSequenceCount: Int, startingSequenceCountMax: Int? = nil,
        maximumBatchedTokenCount: Int, maximumModelLength: Int,
        blockSize: Int, blockCount: Int, enablesPrefixCaching: Bool = true,
        reusesPartialBlocks: Bool = false, tracksEvictions: Bool = false,
        longPrefillTokenThreshold: Int = 0, admissionHeadroomTokenCount: Int = 64,
        policy: SchedulingPolicy = .fcfs, agingInterval: Int = 10_000, outputTokenWeight: Int = 2,
        prefixHasher: PrefixHasher = .randomlySeeded()
    ) {
        self.maximumSequenceCount = maximumSequenceCount
        self.startingSequenceCountMax = startingSequenceCountMax ?? maximumSequenceCount
        self.maximumBatchedTokenCount = maximumBatchedTokenCount
        self.maximumModelLength = maximumModelLength
        self.blockSize = blockSize
        self.blockCount = blockCount
        self.enablesPrefixCaching = enablesPrefixCaching
        self.reusesPartialBlocks = reusesPartialBlocks
        self.tracksEvictions = tracksEvictions
        self.longPrefillTokenThreshold = longPrefillTokenThreshold
        self.admissionHeadroomTokenCount = admissionHeadroomTokenCount
        self.policy = policy
        self.agingInterval = agingInterval
        self.outputTokenWeight = outputTokenWeight
        self.prefixHasher = prefixHasher
    }
}
