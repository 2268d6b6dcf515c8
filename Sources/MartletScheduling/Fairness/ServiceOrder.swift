/// Where a sequence stands among all of them at one moment; the smallest is served first and
/// preempted last.
struct ServiceOrder: Comparable, Sendable {
    /// What its client was served; zero unless the policy is to be fair.
    let servedTokenCount: Int
    let rank: SequenceRank

    static func < (lhs: ServiceOrder, rhs: ServiceOrder) -> Bool {
        lhs.servedTokenCount == rhs.servedTokenCount
            ? lhs.rank < rhs.rank : lhs.servedTokenCount < rhs.servedTokenCount
    }
}
