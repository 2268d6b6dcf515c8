/// Who goes first when not everyone can.
///
/// Every sequence has a rank, which it keeps for life, and under the fair policy its client has a
/// count of tokens served, which grows. Both together are its `ServiceOrder`, and that answers
/// every question of the scheduler: who is admitted first, whose prompt gets the step's tokens
/// first, and who is preempted last.
package enum SchedulingPolicy: String, Sendable, CaseIterable {
    /// First come, first served.
    case fcfs
    /// Smaller priorities first, and a waiting sequence takes the place of a running one of larger
    /// priority. Who waits gains on later arrivals as time goes by, so that nobody waits for ever:
    /// each level of priority is worth a fixed time of arrival.
    case priority
    /// The client that was served the least goes first, and a client that runs less than its share
    /// takes the places of those that run more. A client's own sequences go in order of arrival.
    case fair
}

extension SchedulingPolicy {
    /// - Parameters:
    ///   - arrival: how many sequences were added before.
    ///   - agingInterval: what one level of priority is worth, in milliseconds.
    func rank(
        of request: SchedulerRequest, arrival: UInt64, agingInterval: Int
    ) -> SequenceRank {
        guard self == .priority else { return SequenceRank(urgency: 0, arrival: arrival) }
        // 128 bits hold every product of two words, and a word more.
        let urgency =
            Int128(request.priority) * Int128(agingInterval) + Int128(request.arrivalMilliseconds)
        return SequenceRank(urgency: urgency, arrival: arrival)
    }
}
