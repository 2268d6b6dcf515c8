/// A place in the waiting queue. The sequence may have left meanwhile: the entry counts only while
/// the sequence at `slot` is waiting and has this rank, which no other sequence ever gets.
struct WaitingEntry: Sendable, Comparable {
    let rank: SequenceRank
    let slot: Int

    func isCurrent(in states: [SequenceState]) -> Bool {
        states[slot].status == .waiting && states[slot].rank == rank
    }

    static func < (lhs: WaitingEntry, rhs: WaitingEntry) -> Bool {
        lhs.rank < rhs.rank
    }

    static func == (lhs: WaitingEntry, rhs: WaitingEntry) -> Bool {
        lhs.rank == rhs.rank
    }
}
