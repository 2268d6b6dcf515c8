/// A sequence's place in the order of service; the smallest goes first. No two sequences share one,
/// since no two have the same arrival.
struct SequenceRank: Hashable, Sendable, Comparable {
    /// A virtual time of arrival in milliseconds, where priorities count; else zero.
    let urgency: Int128
    /// How many sequences were added before this one.
    let arrival: UInt64

    static func < (lhs: SequenceRank, rhs: SequenceRank) -> Bool {
        (lhs.urgency, lhs.arrival) < (rhs.urgency, rhs.arrival)
    }
}
