import MartletScheduling

extension RandomRun {
    mutating func checkPreempted(_ batch: ScheduledBatch) throws(ModelViolation) {
        let admitted = batch.sequences.map(\.id).filter { models[$0]?.computedTokenCount == nil }
        for id in batch.preempted {
            guard models[id]?.computedTokenCount != nil else {
                throw ModelViolation("\(id) was preempted and did not run")
            }
            try checkOrder(ofPreempted: id, in: batch, beside: admitted)
            models[id]?.computedTokenCount = nil
            models[id]?.publishes = true
            shadow.forget(id)
        }
        guard !batch.preempted.isEmpty, !admitted.isEmpty else { return }
        displacedCount += batch.preempted.count
        try checkShares(batch, admitted: admitted)
    }

    /// Where ranks are all that counts, whoever is preempted comes after all that run, unless it
    /// gave way to one of smaller priority. A leader may be kept for the sake of its followers.
    private func checkOrder(
        ofPreempted id: SequenceID, in batch: ScheduledBatch, beside admitted: [SequenceID]
    ) throws(ModelViolation) {
        guard configuration.policy != .fair, scheduler.statistics.deferredCount == 0,
            let model = models[id]
        else { return }
        let isLast = batch.sequences.allSatisfy { rank(of: $0.id) < rank(of: id) }
        let isLessImportant = admitted.contains {
            rank(of: $0) < rank(of: id)
                && models[$0]?.request.priority ?? .max < model.request.priority
        }
        try ModelViolation.check(
            admitted.isEmpty ? isLast : isLessImportant,
            "\(id) was preempted before a later one")
    }

    /// Nobody gives way to a client that runs more afterwards, unless others found room after it.
    private func checkShares(
        _ batch: ScheduledBatch, admitted: [SequenceID]
    ) throws(ModelViolation) {
        try ModelViolation.check(configuration.policy != .fcfs, "someone gives way to a later one")
        guard configuration.policy == .fair, admitted.count == 1 else { return }
        let running = models.filter { $1.computedTokenCount != nil || admitted.contains($0) }
        let counts = running.values.reduce(into: [String?: Int]()) {
            $0[$1.request.client, default: 0] += 1
        }
        let least = admitted.compactMap { counts[models[$0]?.request.client ?? nil] }.min() ?? 0
        for id in batch.preempted {
            try ModelViolation.check(
                counts[models[id]?.request.client ?? nil] ?? 0 >= least,
                "\(id) gave way to a client that runs more")
        }
    }

    /// Nobody begins with a block that another is computing already and will publish.
    func checkDuplicates(_ batch: ScheduledBatch) throws(ModelViolation) {
        guard configuration.enablesPrefixCaching, hasWideKeys else { return }
        for new in batch.sequences where models[new.id]?.computedTokenCount == nil {
            for other in batch.sequences where models[other.id]?.computedTokenCount != nil {
                try ModelViolation.check(
                    !isDuplicate(new, of: other), "\(new.id) computes what \(other.id) does")
            }
        }
    }

    private func isDuplicate(_ new: ScheduledSequence, of other: ScheduledSequence) -> Bool {
        let index = other.startPosition / configuration.blockSize
        let end = (index + 1) * configuration.blockSize
        guard let model = models[new.id], let otherModel = models[other.id],
            model.request.readsPrefixCache, otherModel.publishes,
            model.request.cacheSalt == otherModel.request.cacheSalt,
            new.startPosition / configuration.blockSize == index,
            end < model.tokens.count,
            end <= min(otherModel.tokens.count, configuration.maximumModelLength)
        else { return false }
        return model.tokens[..<end] == otherModel.tokens[..<end]
    }

    func rank(of id: SequenceID) -> (Int, UInt64) {
        guard let request = models[id]?.request, configuration.policy == .priority else {
            return (0, id.rawValue)
        }
        let time = Int(request.arrivalMilliseconds)
        return (request.priority * configuration.agingInterval + time, id.rawValue)
    }
}
