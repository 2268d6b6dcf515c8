/// What the policies add to the order of service: what clients are charged, and who gives way to a
/// waiting sequence.
extension Scheduler {
    /// Charges a client for the tokens of its sequence before `end`, each once: prompt tokens as
    /// they are, generated ones by their weight. What the prefix cache had is free.
    mutating func charge(_ slot: Int, upTo end: Int) {
        let start = states[slot].chargedTokenCount
        guard configuration.policy == .fair, end > start else { return }
        let promptEnd = states[slot].promptTokenCount
        let promptCount = max(0, min(end, promptEnd) - start)
        let outputCount = end - start - promptCount
        clients.charge(
            promptCount + outputCount * configuration.outputTokenWeight, to: states[slot].client)
        states[slot].chargedTokenCount = end
    }

    /// The running sequences that have to give way so that a waiting one may run, none if there is
    /// room; nil if there is not and the policy lets it have none.
    func victims(
        for slot: Int, with prefix: [Int32], pledged: Int, in step: StepDraft
    ) -> [Int]? {
        // One place for another, not many for one.
        guard mayStart(slot, besides: running.count - 1) else { return nil }
        var victims: [Int] = []
        var lackingCount =
            pledged
            - cache.freeBlockCount(taking: prefix, andUpTo: knownTokenCount(of: slot))
        while lackingCount > 0 || !mayStart(slot, besides: running.count - victims.count) {
            guard let victim = nextVictim(for: slot, after: victims, in: step) else { return nil }
            victims.append(victim)
            lackingCount -= freedBlockCount(by: victim, besides: prefix) + pledge(to: victim)
        }
        return victims
    }

    /// Who gives way next to a waiting sequence once `victims` have, none of those admitted in this
    /// step. The rules make sure that a victim cannot take its place back from the one it gave way
    /// to.
    func nextVictim(for slot: Int, after victims: [Int], in step: StepDraft) -> Int? {
        guard let isVictim = givesWay(to: slot, after: victims) else { return nil }
        return running.lazy
            .filter { isVictim($0) && !victims.contains($0) && !step.admitted.contains($0) }
            .max { order(of: $0) < order(of: $1) }
    }

    private func givesWay(to slot: Int, after victims: [Int]) -> ((Int) -> Bool)? {
        switch configuration.policy {
        case .fcfs: nil
        case .priority: { isLessImportant($0, than: slot) }
        case .fair:
            overServedClient(besides: slot, after: victims).map { client in
                { states[$0].client == client }
            }
        }
    }

    /// Whether a running sequence has the larger priority, and has not waited so long that it goes
    /// before the waiting one all the same.
    private func isLessImportant(_ other: Int, than slot: Int) -> Bool {
        states[other].priority > states[slot].priority && order(of: slot) < order(of: other)
    }

    /// The client that runs the most, if the waiting one's client runs less than an equal share and
    /// does not run more than the other when one more place has changed hands.
    private func overServedClient(besides slot: Int, after victims: [Int]) -> Int? {
        let ownCount = clients.accounts[states[slot].client].runningCount
        guard ownCount * clients.count < running.count else { return nil }
        var counts = clients.accounts.map(\.runningCount)
        for victim in victims { counts[states[victim].client] -= 1 }
        return counts.indices.max { counts[$0] < counts[$1] }
            .flatMap { counts[$0] >= ownCount + 2 ? $0 : nil }
    }

    /// The blocks that a victim alone holds, but for those that the waiting one wants as well.
    private func freedBlockCount(by victim: Int, besides prefix: [Int32]) -> Int {
        states[victim].blockTable.blocks.enumerated().count { index, block in
            cache.pool.referenceCount(of: block) == 1
                && !(index < prefix.count && prefix[index] == block)
        }
    }
}
