import MartletScheduling

extension RandomRun {
    /// Checks a step against the models and moves them on.
    mutating func check(_ batch: ScheduledBatch) throws(ModelViolation) {
        try checkPreempted(batch)
        try checkStarted(batch)
        try checkDuplicates(batch)
        try checkCopies(batch)
        for entry in batch.sequences { try check(entry) }
        let total = batch.sequences.reduce(0) { $0 + $1.tokens.count }
        try ModelViolation.check(
            total == batch.totalTokenCount && total <= configuration.maximumBatchedTokenCount
                && batch.sequences.count <= configuration.maximumSequenceCount
                && Set(batch.sequences.map(\.id)).count == batch.sequences.count,
            "the step is above its limits")
        try checkUnschedulable(batch)
        try checkProgress(batch)
        try checkHeldTokens()
    }

    /// Called before the models move on: what has no cached token count has never run.
    private func checkStarted(_ batch: ScheduledBatch) throws(ModelViolation) {
        let new = batch.sequences.map(\.id).filter { models[$0]?.cachedTokenCount == nil }
        try ModelViolation.check(
            batch.started.sorted() == new.sorted(), "\(new) start, not \(batch.started)")
        let goOnCount = models.values.count { $0.computedTokenCount != nil }
        try ModelViolation.check(
            new.isEmpty || goOnCount + new.count <= configuration.startingSequenceCountMax,
            "\(new.count) sequences start beside \(goOnCount)")
    }

    /// A copy is for a sequence that begins within the target, just behind what is copied.
    private func checkCopies(_ batch: ScheduledBatch) throws(ModelViolation) {
        for copy in batch.copies {
            let isWanted = batch.sequences.contains { entry in
                models[entry.id]?.computedTokenCount == nil
                    && entry.startPosition % configuration.blockSize == copy.tokenCount
                    && entry.blockTable[entry.startPosition / configuration.blockSize]
                        == copy.target
            }
            try ModelViolation.check(
                isWanted && copy.tokenCount > 0 && copy.source != copy.target,
                "\(copy) serves nobody")
        }
        try ModelViolation.check(
            Set(batch.copies.map(\.target)).count == batch.copies.count,
            "a block is copied to twice")
    }

    private func checkHeldTokens() throws(ModelViolation) {
        var fill: [Int32: Int] = [:]
        for model in models.values {
            guard let computed = model.computedTokenCount else { continue }
            for (index, block) in model.blockTable.enumerated() {
                let inBlock = min(
                    computed - index * configuration.blockSize, configuration.blockSize)
                fill[block] = max(fill[block] ?? 0, inBlock)
            }
        }
        let held = scheduler.statistics.heldTokenCount
        try ModelViolation.check(
            held == fill.values.reduce(0, +) && scheduler.statistics.usedBlockCount == fill.count,
            "\(held) tokens are counted in held blocks, not \(fill.values.reduce(0, +))")
    }

    private mutating func check(_ entry: ScheduledSequence) throws(ModelViolation) {
        guard let model = models[entry.id] else {
            throw ModelViolation("\(entry.id) is scheduled and unknown")
        }
        let start = entry.startPosition
        let end = start + entry.tokens.count
        try ModelViolation.check(
            start < end && end <= min(model.tokens.count, configuration.maximumModelLength)
                && entry.tokens.elementsEqual(model.tokens[start..<end]),
            "\(entry.id) computes other tokens than its own")
        try ModelViolation.check(
            entry.samples == (end == model.tokens.count), "\(entry.id) samples at a wrong time")
        let blockSize = configuration.blockSize
        try ModelViolation.check(
            entry.blockTable.count == (end + blockSize - 1) / blockSize,
            "\(entry.id) has a block table of \(entry.blockTable.count) for \(end) tokens")
        try checkStart(of: entry, model)
        models[entry.id]?.cachedTokenCount = entry.cachedTokenCount
        models[entry.id]?.computedTokenCount = end
        models[entry.id]?.blockTable = entry.blockTable
    }

    /// A sequence goes on where it stopped, or begins with what the prefix cache had.
    private func checkStart(of entry: ScheduledSequence, _ model: Model) throws(ModelViolation) {
        let start = entry.startPosition
        if let computed = model.computedTokenCount {
            try ModelViolation.check(start == computed, "\(entry.id) skips tokens")
        } else {
            let mayHit = configuration.enablesPrefixCaching && model.request.readsPrefixCache
            try ModelViolation.check(
                (start % configuration.blockSize == 0 || configuration.reusesPartialBlocks)
                    && (start == 0 || mayHit),
                "\(entry.id) starts at \(start)")
        }
        try ModelViolation.check(
            entry.cachedTokenCount == model.cachedTokenCount ?? start,
            "\(entry.id) has another cached token count than when it was admitted")
        let threshold = configuration.longPrefillTokenThreshold
        try ModelViolation.check(
            threshold == 0 || models.count == 1 || entry.tokens.count <= threshold,
            "\(entry.id) computes more than the threshold")
    }

    private func checkUnschedulable(_ batch: ScheduledBatch) throws(ModelViolation) {
        for id in batch.unschedulable {
            let length = models[id]?.tokens.count ?? 0
            try ModelViolation.check(
                length > configuration.maximumModelLength
                    || length > configuration.blockCount * configuration.blockSize,
                "\(id) was given up with \(length) tokens")
        }
    }

    /// Something runs whenever something is there. Under a policy of ranks the first in line does
    /// if it holds blocks, and before long if not: others may overtake it while it is deferred.
    private mutating func checkProgress(_ batch: ScheduledBatch) throws(ModelViolation) {
        try ModelViolation.check(
            models.isEmpty || !batch.isEmpty || !batch.unschedulable.isEmpty,
            "sequences wait for ever")
        guard configuration.policy != .fair,
            let first = models.keys.min(by: { rank(of: $0) < rank(of: $1) })
        else { return }
        let isServed =
            batch.sequences.contains { $0.id == first } || batch.unschedulable.contains(first)
        let waitedCount = isServed ? 0 : (models[first]?.waitedStepCount ?? 0) + 1
        models[first]?.waitedStepCount = waitedCount
        waitedStepCountMax = max(waitedStepCountMax, waitedCount)
        guard scheduler.statistics.deferredCount == 0 else { return }
        try ModelViolation.check(
            isServed || models[first]?.computedTokenCount == nil,
            "\(first) is first and not served")
        try ModelViolation.check(
            !batch.preempted.contains(first), "\(first) is first and was preempted")
    }
}
