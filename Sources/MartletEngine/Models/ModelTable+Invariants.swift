extension ModelTable {
    /// A promise that is broken.
    package struct Violation: Error, CustomStringConvertible {
        package let description: String
    }

    /// Checks what must hold between any two events.
    package func checkInvariants() throws(Violation) {
        func check(_ condition: Bool, _ text: String) throws(Violation) {
            if !condition { throw Violation(description: text) }
        }
        try check(Set(order) == Set(entries.keys) && order.count == entries.count, "order")
        try check(
            keys.count == entries.values.reduce(0) { $0 + $1.declaration.names.count }, "names")
        try check(Set(queue).count == queue.count, "a model is queued twice")
        try check(loadingCount <= policy.loadCountMax, "\(loadingCount) loads at a time")
        for key in order {
            guard let entry = entries[key] else { continue }
            try checkEntry(entry, isQueued: queue.contains(key))
        }
        guard let budget = policy.byteCount else { return }
        // Models that turn out larger than their estimates are nobody's decision.
        let overrun = entries.values.reduce(0) {
            $0 + max(0, $1.byteCount - $1.declaration.byteCount)
        }
        try check(byteCount <= budget + overrun, "\(byteCount) of \(budget) bytes")
        if let head = queue.first.flatMap({ entries[$0] }), loadingCount < policy.loadCountMax {
            try check(
                byteCount + head.declaration.byteCount > budget, "'\(head.name)' waits in vain")
        }
    }

    private func checkEntry(_ entry: ModelEntry, isQueued: Bool) throws(Violation) {
        func check(_ condition: Bool, _ text: String) throws(Violation) {
            if !condition { throw Violation(description: "\(entry): \(text)") }
        }
        try check(entry.leaseCount >= 0 && entry.openRequestCount >= 0, "counts")
        try check(isQueued == (entry.isAbsent && entry.isAwaited), "queued for nothing, or not")
        try check(isQueued || entry.blockedSince == nil, "blocked without waiting")
        switch entry.phase {
        case .unloaded, .failed:
            try check(entry.byteCount == 0 && entry.isIdle, "holds something")
            try check(entry.unloadWaiters.isEmpty, "is unloaded, and somebody waits for it")
        case .loading:
            try check(entry.byteCount == entry.declaration.byteCount && entry.isIdle, "loading")
        case .ready:
            try check(!entry.isAwaited, "is ready, and somebody waits for it")
            try check(entry.unloadWaiters.isEmpty, "is ready, and is to be unloaded")
        case .draining: try check(!entry.isIdle, "is idle, and not unloaded")
        case .unloading: try check(entry.isIdle, "is ended while it is used")
        }
    }
}
