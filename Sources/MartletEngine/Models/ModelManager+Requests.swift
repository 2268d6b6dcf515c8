/// What callers ask of a manager.
extension ModelManager {
    /// Gives the right to use a model, which is loaded first where it is not.
    ///
    /// - Parameter name: Any of the model's names; nil is the model that was declared first.
    /// - Throws: ``EngineError`` with ``EngineError/Code/modelNotFound``,
    ///   ``EngineError/Code/insufficientMemory``, ``EngineError/Code/modelBusy``,
    ///   ``EngineError/Code/engineStopped`` while the manager shuts down, or what kept the model
    ///   from loading; `CancellationError` when the waiting task is cancelled.
    public func acquire(_ name: String? = nil) async throws -> ModelLease {
        let lease = try await wait { table, waiter, now in
            table.request(name, waiter: waiter, now: now)
        }
        guard let lease else { throw EngineError(.engineStopped, "The engine is stopped.") }
        return lease
    }

    /// Loads a model and waits until it serves. The load goes on when the waiting task is
    /// cancelled.
    ///
    /// - Throws: As ``acquire(_:)``.
    public func load(_ name: String) async throws {
        _ = try await wait { table, waiter, now in
            table.load(name, waiter: waiter, now: now)
        }
    }

    /// Unloads a model, after what is open has ended, and waits until its memory is free. One that
    /// is not loaded is left as it is; requests that come meanwhile load the model again.
    ///
    /// - Throws: ``EngineError`` with ``EngineError/Code/modelNotFound``; `CancellationError` when
    ///   the waiting task is cancelled, which does not keep the model loaded.
    public func unload(_ name: String) async throws {
        _ = try await wait { table, waiter, now in
            table.unload(name, waiter: waiter, now: now)
        }
    }

    /// Declares a further model; it loads when it is asked for, whatever ``ModelDefinition`` says.
    ///
    /// - Throws: ``EngineError`` with ``EngineError/Code/invalidConfiguration`` where the
    ///   configuration does not allow it, or a name is taken or empty.
    public func add(_ definition: ModelDefinition) async throws {
        guard configuration.allowsAdditions else { throw EngineError(.additionsDisabled) }
        // Headers of checkpoints are read: not on a thread of the cooperative pool.
        let size = OneShot<Int>()
        let estimate = estimate
        try EngineThread.start { size.fulfil(.success(estimate(definition))) }
        let byteCount = try await size.value()
        let key = try Self.declare(definition, byteCount, in: &table).get()
        models[key] = Model(definition: definition)
        publish()
    }

    /// Unloads a model and forgets that it was declared.
    ///
    /// - Throws: ``EngineError`` with ``EngineError/Code/modelNotFound``,
    ///   ``EngineError/Code/modelBusy`` where a request asks for it at the same moment, or
    ///   ``EngineError/Code/invalidConfiguration`` where the configuration does not allow it.
    public func remove(_ name: String) async throws {
        guard configuration.allowsAdditions else { throw EngineError(.additionsDisabled) }
        try await unload(name)
        do {
            models[try table.remove(name)] = nil
        } catch {
            throw EngineError(error)
        }
        publish()
    }

    /// Waits for what `event` asks of the table.
    private func wait(
        for event: (inout ModelTable, WaiterKey, Duration) -> [ModelAction]
    ) async throws -> ModelLease? {
        let waiter = makeWaiter()
        let answer = OneShot<ModelLease?>()
        waiters[waiter] = answer
        change { table, now in event(&table, waiter, now) }
        do {
            return try await answer.value()
        } catch {
            // A lease that was granted at the same moment ends with its last reference, `answer`.
            if waiters.removeValue(forKey: waiter) != nil {
                change { table, now in table.leave(waiter, now: now) }
            }
            throw error
        }
    }
}
