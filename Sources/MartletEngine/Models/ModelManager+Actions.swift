import Logging

/// The table's actions, performed.
extension ModelManager {
    /// Applies an event to the table, and performs what comes of it.
    func change(_ event: (inout ModelTable, Duration) -> [ModelAction]) {
        let now = now
        var pending: [ModelAction] = []
        for (load, count) in returns.take() {
            let open = models[load.model]?.engine?.openRequestCount ?? 0
            for _ in 0..<count {
                pending += table.leaseEnded(load, openRequestCount: open, now: now)
            }
        }
        pending += event(&table, now)
        // An action may fail at once, which is an event again.
        while !pending.isEmpty {
            let actions = pending
            pending = []
            for action in actions { pending += perform(action) }
        }
        publish()
    }

    private func perform(_ action: ModelAction) -> [ModelAction] {
        switch action {
        case .startLoading(let load): return begin(load)
        case .startUnloading(let load, let gracefully):
            let engine = models[load.model]?.engine
            jobQueue.yield(.unload(load, engine, gracefully: gracefully))
        case .grant(let waiter, let load):
            resume(waiter, with: lease(load))
        case .complete(let waiter): resume(waiter, with: .success(nil))
        case .refuse(let waiter, let error):
            resume(waiter, with: .failure(EngineError(error)))
        }
        return []
    }

    /// The lease comes back by itself where nobody waits for it any more.
    private func lease(_ load: ModelLoad) -> Result<ModelLease?, EngineError> {
        guard let model = models[load.model], let engine = model.engine else {
            return .failure(EngineError(.engineStopped, "The engine is stopped."))
        }
        return .success(
            ModelLease(
                engine: engine, definition: model.definition, load: load, returns: returns))
    }

    private func resume(_ waiter: WaiterKey, with result: Result<ModelLease?, EngineError>) {
        waiters.removeValue(forKey: waiter)?.fulfil(result)
    }

    private func begin(_ load: ModelLoad) -> [ModelAction] {
        guard let definition = models[load.model]?.definition else { return [] }
        let reservation = resources.memory.claim(table.entries[load.model]?.byteCount ?? 0)
        do {
            let engine = try makeEngine(definition, resources.with(reservation))
            models[load.model]?.engine = engine
            models[load.model]?.reservation = reservation
            logger.info("loading a model", metadata: ["model": "\(definition.names[0])"])
            jobQueue.yield(.load(load, engine))
            return []
        } catch {
            return table.loadFailed(load, EngineError(loading: error), now: now)
        }
    }

    // MARK: Jobs

    func perform(_ job: Job) async {
        switch job {
        case .load(let load, let engine): await perform(load, on: engine)
        case .unload(let load, let engine, let gracefully):
            if gracefully { _ = await engine?.drain(timeout: configuration.drainTimeout) }
            await engine?.stop()
            forgetEngine(of: load)
            logger.info("unloaded a model", metadata: ["model": "\(name(load))"])
            change { table, now in table.unloaded(load, now: now) }
        }
    }

    private func perform(_ load: ModelLoad, on engine: AsyncEngine) async {
        do {
            try await engine.start()
            let byteCount = models[load.model]?.reservation?.byteCount ?? 0
            change { table, now in table.loaded(load, byteCount: byteCount, now: now) }
        } catch {
            await engine.stop()
            // One that is told to unload while it loads is forgotten when that is done.
            guard table.entries[load.model]?.phase == .loading,
                models[load.model]?.engine === engine
            else { return }
            forgetEngine(of: load)
            if stopRequest.result == nil {
                logger.error(
                    "a model cannot be loaded",
                    metadata: ["model": "\(name(load))", "error": "\(error)"])
            }
            change { table, now in
                table.loadFailed(load, EngineError(loading: error), now: now)
            }
        }
    }

    private func forgetEngine(of load: ModelLoad) {
        models[load.model]?.engine = nil
        models[load.model]?.reservation?.release()
        models[load.model]?.reservation = nil
    }

    private func name(_ load: ModelLoad) -> String {
        models[load.model]?.definition.names.first ?? ""
    }

    /// Lets time pass: what is idle for too long, waits for too long, or has failed.
    func tick() {
        // Engines that stop with the manager have not failed.
        guard stopRequest.result == nil else { return }
        var counts: [ModelKey: Int] = [:]
        var failures: [(ModelLoad, EngineError)] = []
        for (key, entry) in table.entries where entry.isServing {
            guard let engine = models[key]?.engine else { continue }
            counts[key] = engine.openRequestCount
            if let error = engine.failure {
                failures.append((ModelLoad(model: key, generation: entry.generation), error))
            }
        }
        for (load, error) in failures {
            logger.error(
                "a model's engine has failed",
                metadata: ["model": "\(name(load))", "error": "\(error)"])
            change { table, now in table.lost(load, error, now: now) }
        }
        change { table, now in table.tick(now: now, openRequestCounts: counts) }
    }
}

extension AsyncEngine {
    /// Why an engine that served does so no more.
    fileprivate var failure: EngineError? {
        switch state {
        case .failed(let error): error
        case .stopped: EngineError(.engineStopped, "The engine is stopped.")
        case .idle, .loading, .ready, .paused, .sleeping, .draining: nil
        }
    }
}
