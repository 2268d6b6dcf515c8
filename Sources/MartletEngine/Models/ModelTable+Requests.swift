/// What callers ask for.
extension ModelTable {
    /// Somebody wants to use a model.
    package mutating func request(
        _ name: String?, waiter: WaiterKey, now: Duration
    ) -> [ModelAction] {
        enter(name, waiter, wantsLease: true, now: now)
    }

    /// Somebody wants a model in memory, for whoever comes.
    package mutating func load(
        _ name: String?, waiter: WaiterKey, now: Duration
    ) -> [ModelAction] {
        enter(name, waiter, wantsLease: false, now: now)
    }

    private mutating func enter(
        _ name: String?, _ waiter: WaiterKey, wantsLease: Bool, now: Duration
    ) -> [ModelAction] {
        if isShuttingDown { return [.refuse(waiter, .shuttingDown)] }
        let key: ModelKey
        do {
            key = try self.key(name)
        } catch {
            return [.refuse(waiter, error)]
        }
        let wait = ModelEntry.Waiter(key: waiter, arrival: now, wantsLease: wantsLease)
        guard let entry = entries[key] else { return [.refuse(waiter, .unknown(name: name ?? ""))] }
        switch entry.phase {
        case .ready: return [admit(wait, to: key, now: now)]
        case .failed(let error, let end) where now < end: return [.refuse(waiter, .failed(error))]
        case .unloaded, .loading, .draining, .unloading, .failed: break
        }
        update(key) { entry in
            entry.waiters.append(wait)
            entry.lastUse = now
            if !wantsLease { entry.isWanted = true }
        }
        if entry.isAbsent { enqueue(key) }
        return plan(now: now)
    }

    /// Lets a waiter use a model that is ready.
    mutating func admit(
        _ waiter: ModelEntry.Waiter, to key: ModelKey, now: Duration
    ) -> ModelAction {
        guard waiter.wantsLease else { return .complete(waiter.key) }
        update(key) { entry in
            entry.leaseCount += 1
            entry.lastUse = now
            entry.isUsed = true
        }
        return .grant(waiter.key, load(key))
    }

    mutating func enqueue(_ key: ModelKey) {
        if !queue.contains(key) { queue.append(key) }
    }

    /// A waiter has left before it was resumed.
    package mutating func leave(_ waiter: WaiterKey, now: Duration) -> [ModelAction] {
        for key in order {
            update(key) { entry in
                entry.waiters.removeAll { $0.key == waiter }
                entry.unloadWaiters.removeAll { $0 == waiter }
            }
        }
        return plan(now: now)
    }

    /// Somebody wants a model out of memory.
    package mutating func unload(
        _ name: String?, waiter: WaiterKey, now: Duration
    ) -> [ModelAction] {
        // All models are about to be unloaded.
        if isShuttingDown { return [.refuse(waiter, .shuttingDown)] }
        let key: ModelKey
        do {
            key = try self.key(name)
        } catch {
            return [.refuse(waiter, error)]
        }
        return beginUnload(key, waiter, now: now) + plan(now: now)
    }

    private mutating func beginUnload(
        _ key: ModelKey, _ waiter: WaiterKey, now: Duration
    ) -> [ModelAction] {
        guard let entry = entries[key] else { return [] }
        switch entry.phase {
        case .unloaded, .failed:
            // A failure is forgotten with it: the next request tries again.
            update(key) { entry in
                entry.phase = .unloaded
                entry.isWanted = false
            }
            return [.complete(waiter)]
        case .loading:
            let refused = entry.waiters.map {
                ModelAction.refuse($0.key, .unloaded(name: entry.name))
            }
            update(key) { $0.waiters = [] }
            wait(waiter, key)
            return refused + [beginUnloading(key, gracefully: false)]
        case .ready where entry.isIdle:
            wait(waiter, key)
            return [beginUnloading(key, gracefully: true)]
        case .ready:
            let end = now + policy.drainMax
            update(key) { $0.phase = .draining(until: end) }
            wait(waiter, key)
        case .draining, .unloading: wait(waiter, key)
        }
        return []
    }

    private mutating func wait(_ waiter: WaiterKey, _ key: ModelKey) {
        update(key) { entry in
            entry.unloadWaiters.append(waiter)
            entry.isWanted = false
        }
    }

    /// Refuses everybody who waits and all who come; what is in memory stays.
    package mutating func shutDown() -> [ModelAction] {
        isShuttingDown = true
        queue = []
        var actions: [ModelAction] = []
        for key in order {
            update(key) { entry in
                let waiters = entry.waiters.map(\.key) + entry.unloadWaiters
                actions += waiters.map { .refuse($0, .shuttingDown) }
                entry.waiters = []
                entry.unloadWaiters = []
                entry.isWanted = false
                entry.blockedSince = nil
            }
        }
        return actions
    }
}
