/// What one step computes: decode rows and chunks of prompts, mixed.
package struct ScheduledBatch: Sendable {
    /// At most one entry per sequence: those that generate, then those with prompts to compute.
    package var sequences: [ScheduledSequence] = []
    /// The sum of the entries' token counts; never above the step's token budget.
    package var totalTokenCount = 0
    /// Sequences that are scheduled for the first time.
    package var started: [SequenceID] = []
    /// What to copy, in this order, before anything of the step is computed.
    package var copies: [BlockCopy] = []
    /// Sequences that lost their blocks to others in this step. They wait, keep every token, and
    /// are computed again when there is room; nothing needs to be done for them.
    package var preempted: [SequenceID] = []
    /// Sequences that can never compute another token, since they fill the whole KV cache alone or
    /// have reached the model's length. They are reported in every step until they are finished.
    package var unschedulable: [SequenceID] = []

    package init() {}

    package var isEmpty: Bool { sequences.isEmpty }

    /// Makes the batch empty, for the next step to use its memory again.
    mutating func removeAll() {
        sequences.removeAll(keepingCapacity: true)
        totalTokenCount = 0
        started.removeAll(keepingCapacity: true)
        copies.removeAll(keepingCapacity: true)
        preempted.removeAll(keepingCapacity: true)
        unschedulable.removeAll(keepingCapacity: true)
    }
}
