public import Logging
public import ServiceLifecycle

extension ModelManager: Service {
    private static let tickInterval = Duration.milliseconds(200)

    /// Serves until the service group shuts down gracefully, ``stop()`` is called, or the task is
    /// cancelled: loads the eager models one after the other, performs what is asked for, and
    /// stops every engine at the end. A manager runs once.
    ///
    /// On a graceful shutdown, and on ``stop()``, open requests have
    /// ``ModelManagerConfiguration/shutdownTimeout`` to finish.
    ///
    /// - Throws: ``EngineError`` when no eager model can be loaded; where one of several can, the
    ///   failures of the others are logged.
    public nonisolated func run() async throws {
        try await begin()
        let failure = await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.performJobs() }
            group.addTask { await self.passTime() }
            group.addTask { await self.takeBackLeases() }
            let failure = await serve()
            group.cancelAll()
            return failure
        }
        await stopEngines()
        ended.fulfil(.success(true))
        if let failure { throw failure }
    }

    /// Ends the manager as a graceful shutdown does, and waits until it has ended. Idempotent.
    public nonisolated func stop() async {
        stopRequest.fulfil(.success(true))
        guard await isRunning else {
            await stopEngines()
            return
        }
        let ended = ended
        await withCheckedContinuation { continuation in
            ended.whenFulfilled { continuation.resume() }
        }
    }

    /// Runs a manager for the time that `body` runs, and stops it however `body` ends.
    public static func withModels<Result: Sendable>(
        _ models: [ModelDefinition],
        configuration: ModelManagerConfiguration = ModelManagerConfiguration(),
        logger: Logger = Logger(label: "martlet"),
        body: (ModelManager) async throws -> Result
    ) async throws -> Result {
        let manager = try ModelManager(models, configuration: configuration, logger: logger)
        return try await manager.whileRunning(body)
    }

    /// Runs the manager for the time that `body` runs.
    package nonisolated func whileRunning<Result: Sendable>(
        _ body: (ModelManager) async throws -> Result
    ) async throws -> Result {
        async let running: Void = run()
        do {
            let result = try await body(self)
            await stop()
            try await running
            return result
        } catch {
            await stop()
            throw error
        }
    }

    private func begin() throws(EngineError) {
        if isRunning { throw EngineError(.invalidConfiguration, "The manager has run already.") }
        isRunning = true
    }

    // MARK: Work

    /// The manager's life: returns when it is over, with what kept it from beginning.
    private nonisolated func serve() async -> EngineError? {
        let failure = await cancelWhenGracefulShutdown { await self.loadEagerModels() }
        eagerLoads.fulfil(.success(true))
        if failure == nil, await waitForEnd() {
            await refuseAll()
            await drainEngines()
        } else {
            await refuseAll()
        }
        jobQueue.finish()
        returns.finish()
        await stopEngines()
        return failure
    }

    /// Waits until the manager is to end; false where the task is cancelled instead.
    private nonisolated func waitForEnd() async -> Bool {
        await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await gracefulShutdown()) != nil }
            group.addTask { (try? await self.stopRequest.value()) ?? false }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    /// Returns an error where not a single model could be loaded.
    private func loadEagerModels() async -> EngineError? {
        var failure: EngineError?
        var loadedCount = 0
        for key in table.order {
            guard let model = models[key], model.definition.loadsEagerly,
                stopRequest.result == nil
            else { continue }
            do {
                // An engine of the caller's making is loaded as far as the table knows.
                if let engine = model.engine { try await engine.start() }
                try await load(model.definition.names[0])
                loadedCount += 1
            } catch is CancellationError {
                return nil
            } catch {
                failure = failure ?? EngineError(loading: error)
            }
        }
        return loadedCount == 0 && stopRequest.result == nil ? failure : nil
    }

    private nonisolated func performJobs() async {
        await withDiscardingTaskGroup { group in
            for await job in jobs { group.addTask { await self.perform(job) } }
        }
    }

    private nonisolated func takeBackLeases() async {
        for await _ in returns.arrivals { await change { _, _ in [] } }
    }

    private nonisolated func passTime() async {
        while (try? await Task.sleep(for: Self.tickInterval)) != nil {
            await tick()
        }
    }

    // MARK: End

    private func refuseAll() {
        stopRequest.fulfil(.success(true))
        change { table, _ in table.shutDown() }
    }

    private nonisolated func drainEngines() async {
        let timeout = configuration.shutdownTimeout
        await withTaskGroup(of: Void.self) { group in
            for engine in await engines {
                group.addTask { await engine.drain(timeout: timeout) }
            }
        }
    }

    private nonisolated func stopEngines() async {
        await refuseAll()
        await withTaskGroup(of: Void.self) { group in
            for engine in await engines { group.addTask { await engine.stop() } }
        }
    }

    private var engines: [AsyncEngine] { models.values.compactMap(\.engine) }
}
