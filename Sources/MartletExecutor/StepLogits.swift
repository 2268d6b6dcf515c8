package import MartletTensor

/// Some logits of a step, lent to the caller of ``ModelRunner/forward(_:logits:)``.
package struct StepLogits {
    /// What a row of logits belongs to.
    package struct Row: Hashable, Sendable {
        package enum Kind: Hashable, Sendable {
            /// The sequence's last known token: the row yields its next one.
            case sample
            /// The token at this absolute position: the row gives the logprob of the one after it.
            case prompt(position: Int)
        }
        /// Index in ``ScheduledBatch/sequences``.
        package let sequenceIndex: Int
        package let kind: Kind
    }

    /// `[rows.count, vocabularySize]`; the caller may overwrite it, the next call will.
    package let logits: Tensor
    package let rows: [Row]
}
