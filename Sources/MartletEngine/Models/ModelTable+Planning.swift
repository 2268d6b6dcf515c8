/// Who gets memory, and who has to give it.
extension ModelTable {
    /// Starts the loads that can start, and makes room for the one that is next.
    mutating func plan(now: Duration) -> [ModelAction] {
        guard !isShuttingDown else { return [] }
        var actions = trim()
        forgetUnwanted()
        while let key = queue.first, let entry = entries[key] {
            let needed = entry.declaration.byteCount
            if let budget = policy.byteCount, needed > budget {
                actions += refuseAll(
                    key, .tooLarge(name: entry.name, needed: needed, budget: budget))
                queue.removeFirst()
                continue
            }
            guard loadingCount < policy.loadCountMax else { break }
            let missing = self.missing(for: needed)
            guard missing <= 0 else {
                let (evictions, suffices) = makeRoom(missing)
                actions += evictions
                note(isBlocked: !suffices, now: now)
                return actions
            }
            queue.removeFirst()
            actions.append(begin(key))
        }
        note(isBlocked: false, now: now)
        return actions
    }

    /// Bytes that have to be given back before `needed` fit; not positive where they fit.
    private func missing(for needed: Int) -> Int {
        guard let budget = policy.byteCount else { return 0 }
        return byteCount + needed - budget
    }

    private mutating func begin(_ key: ModelKey) -> ModelAction {
        update(key) { entry in
            entry.phase = .loading
            entry.generation += 1
            entry.byteCount = entry.declaration.byteCount
            entry.blockedSince = nil
        }
        return .startLoading(load(key))
    }

    /// Evicts idle models where that, with what leaves anyway, frees `missing` bytes; else none,
    /// since their memory alone would help nobody.
    private mutating func makeRoom(_ missing: Int) -> (evictions: [ModelAction], suffices: Bool) {
        var missing = missing - entries.values.filter(\.isLeaving).reduce(0) { $0 + $1.byteCount }
        if missing <= 0 { return ([], true) }
        var chosen: [ModelKey] = []
        for key in evictableKeys where missing > 0 {
            chosen.append(key)
            missing -= entries[key]?.byteCount ?? 0
        }
        guard missing <= 0 else { return ([], false) }
        return (chosen.map { beginUnloading($0, gracefully: true) }, true)
    }

    /// Models that may be thrown out, the one that was idle longest first.
    private var evictableKeys: [ModelKey] {
        order.compactMap { key in
            entries[key].flatMap { $0.isEvictable ? (key, $0.idleSince) : nil }
        }.sorted { ($0.1, $0.0.rawValue) < ($1.1, $1.0.rawValue) }.map(\.0)
    }

    /// Evicts idle models where some turned out larger than their estimates.
    private mutating func trim() -> [ModelAction] {
        guard let budget = policy.byteCount else { return [] }
        let leaving = entries.values.filter(\.isLeaving).reduce(0) { $0 + $1.byteCount }
        var excess = byteCount - leaving - budget
        var actions: [ModelAction] = []
        for key in evictableKeys where excess > 0 {
            excess -= entries[key]?.byteCount ?? 0
            actions.append(beginUnloading(key, gracefully: true))
        }
        return actions
    }

    /// Notes since when models in use keep the queue waiting.
    private mutating func note(isBlocked: Bool, now: Duration) {
        for key in queue {
            update(key) { $0.blockedSince = isBlocked ? $0.blockedSince ?? now : nil }
        }
    }

    private mutating func refuseAll(_ key: ModelKey, _ error: ModelError) -> [ModelAction] {
        var actions: [ModelAction] = []
        update(key) { entry in
            actions = entry.waiters.map { .refuse($0.key, error) }
            entry.waiters = []
            entry.isWanted = false
            entry.blockedSince = nil
        }
        return actions
    }

    /// Refuses those who have waited too long for memory that others use.
    mutating func refuseOverdue(now: Duration) -> [ModelAction] {
        var actions: [ModelAction] = []
        let holdings = entries.values.filter { $0.byteCount > 0 }.map {
            ModelError.Holding(
                name: $0.name, byteCount: $0.byteCount, isPinned: $0.declaration.isPinned)
        }.sorted { $0.name < $1.name }
        for key in queue {
            guard let entry = entries[key], let start = entry.blockedSince else { continue }
            let error = ModelError.busy(
                name: entry.name, needed: entry.declaration.byteCount,
                budget: policy.byteCount ?? 0, holdings: holdings)
            let overdue = entry.waiters.filter { now - max($0.arrival, start) >= policy.waitMax }
            actions += overdue.map { .refuse($0.key, error) }
            let isOverdue = now - start >= policy.waitMax
            update(key) { entry in
                entry.waiters.removeAll { overdue.contains($0) }
                if isOverdue { entry.isWanted = false }
            }
        }
        forgetUnwanted()
        return actions
    }

    /// Takes those out of the queue whom nobody wants any more.
    private mutating func forgetUnwanted() {
        for key in queue where entries[key]?.isAwaited != true {
            update(key) { $0.blockedSince = nil }
        }
        queue.removeAll { key in entries[key]?.isAwaited != true }
    }
}
