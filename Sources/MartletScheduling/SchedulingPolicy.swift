/// Who goes first when not everyone can.
///
/// A policy is a pure function from what is known of a sequence when it is added to a rank that it
/// keeps for life. One rank answers both questions the scheduler asks: the waiting sequence with
/// the smallest rank is admitted first, and the running one with the largest is preempted first.
/// Fair shares and aging fit the same mould, as a virtual start time in place of the urgency.
package enum SchedulingPolicy: String, Sendable, CaseIterable {
    /// First come, first served.
    case fcfs
    /// Smaller priorities first, equal ones in order of arrival.
    case priority

    func rank(priority: Int, arrival: UInt64) -> SequenceRank {
        switch self {
        case .fcfs: SequenceRank(urgency: 0, arrival: arrival)
        case .priority: SequenceRank(urgency: priority, arrival: arrival)
        }
    }
}
