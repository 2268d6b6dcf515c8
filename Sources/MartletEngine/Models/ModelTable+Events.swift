/// What comes of the actions, and of time.
extension ModelTable {
    /// A model is in memory that nobody had to load.
    package mutating func adopt(_ key: ModelKey) -> ModelLoad {
        update(key) { entry in
            entry.phase = .ready
            entry.generation += 1
        }
        return load(key)
    }

    /// A model is in memory, where it takes `byteCount` bytes.
    package mutating func loaded(
        _ load: ModelLoad, byteCount: Int, now: Duration
    ) -> [ModelAction] {
        guard let entry = current(load), entry.phase == .loading else { return [] }
        update(load.model) { entry in
            entry.phase = .ready
            entry.byteCount = byteCount
            entry.idleSince = now
            entry.isUsed = false
            entry.isWanted = false
            entry.waiters = []
        }
        return entry.waiters.map { admit($0, to: load.model, now: now) } + plan(now: now)
    }

    /// A model could not be loaded.
    package mutating func loadFailed(
        _ load: ModelLoad, _ error: EngineError, now: Duration
    ) -> [ModelAction] {
        guard let entry = current(load), entry.phase == .loading else { return [] }
        return fail(load.model, error, now: now) + plan(now: now)
    }

    private mutating func fail(
        _ key: ModelKey, _ error: EngineError, now: Duration
    ) -> [ModelAction] {
        let waiters = entries[key]?.waiters ?? []
        let retry = now + policy.retryDelay
        update(key) { entry in
            entry.phase = .failed(error, until: retry)
            entry.byteCount = 0
            entry.isWanted = false
            entry.waiters = []
        }
        return waiters.map { .refuse($0.key, .failed(error)) }
    }

    /// The engine of a model that served has failed: it is ended, and the failure remembered.
    package mutating func lost(
        _ load: ModelLoad, _ error: EngineError, now: Duration
    ) -> [ModelAction] {
        guard let entry = current(load), entry.isServing else { return [] }
        update(load.model) { $0.failure = error }
        return [beginUnloading(load.model, gracefully: false)] + plan(now: now)
    }

    /// A model's memory is given back.
    package mutating func unloaded(_ load: ModelLoad, now: Duration) -> [ModelAction] {
        guard let entry = current(load), entry.phase == .unloading else { return [] }
        var actions = entry.unloadWaiters.map { ModelAction.complete($0) }
        update(load.model) { entry in
            entry.phase = .unloaded
            entry.byteCount = 0
            entry.unloadWaiters = []
            entry.failure = nil
        }
        if let failure = entry.failure {
            actions += fail(load.model, failure, now: now)
        } else if entry.isAwaited {
            enqueue(load.model)
        }
        return actions + plan(now: now)
    }

    /// A lease has ended; `openRequestCount` of the engine's requests go on without it.
    package mutating func leaseEnded(
        _ load: ModelLoad, openRequestCount: Int, now: Duration
    ) -> [ModelAction] {
        guard let entry = current(load), entry.leaseCount > 0 else { return [] }
        update(load.model) { entry in
            entry.leaseCount -= 1
            entry.openRequestCount = openRequestCount
            entry.lastUse = now
            entry.idleSince = now
        }
        return settle(load.model, now: now) + plan(now: now)
    }

    /// Time has passed; `openRequestCounts` says what the engines of loaded models have to do.
    package mutating func tick(
        now: Duration, openRequestCounts: [ModelKey: Int] = [:]
    ) -> [ModelAction] {
        var actions: [ModelAction] = []
        for (key, count) in openRequestCounts {
            update(key) { entry in
                guard entry.isServing else { return }
                if entry.openRequestCount > 0 || count > 0 { entry.idleSince = now }
                entry.openRequestCount = count
            }
        }
        for key in order { actions += settle(key, now: now) }
        actions += plan(now: now)
        // Whoever gave up may have stood in front of others.
        return actions + refuseOverdue(now: now) + plan(now: now)
    }

    /// Unloads a model that nobody uses any more where that is what it waits for.
    private mutating func settle(_ key: ModelKey, now: Duration) -> [ModelAction] {
        guard !isShuttingDown, let entry = entries[key] else { return [] }
        if case .draining(let end) = entry.phase {
            guard entry.isIdle || now >= end else { return [] }
            return [beginUnloading(key, gracefully: entry.isIdle)]
        }
        guard entry.hasExpired(now: now) else { return [] }
        return [beginUnloading(key, gracefully: true)]
    }

    mutating func beginUnloading(_ key: ModelKey, gracefully: Bool) -> ModelAction {
        update(key) { entry in
            entry.phase = .unloading
            entry.leaseCount = 0
            entry.openRequestCount = 0
        }
        return .startUnloading(load(key), gracefully: gracefully)
    }
}
