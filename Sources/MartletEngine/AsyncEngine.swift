public import Logging
import MartletExecutor
import MartletSampling
import NIOConcurrencyHelpers
import Synchronization

/// An asynchronous inference engine for one model: any task, thread or event loop may call it.
///
/// Creating an engine loads nothing and ties nothing to its creator. ``start(progress:)`` loads
/// the model on a thread of the engine's own, where every step runs as well; ``stop()`` ends it.
/// An engine that nobody holds any more ends by itself.
///
/// ```swift
/// try await AsyncEngine.withEngine(configuration: .init(model: directory)) { engine in
///     for try await output in try await engine.generate(.init(prompt: "Hello")) {
///         print(output.text, terminator: "")
///     }
/// }
/// ```
public final class AsyncEngine: Sendable {
    /// What the engine runs, and within which bounds.
    public let configuration: AsyncEngineConfiguration
    let logger: Logger
    let clock: EngineClock
    package let gate: AdmissionGate
    let load: @Sendable (LoadingMonitor) throws -> EngineParts
    let observer: any EngineObserver
    private let coreLaunch: CoreLaunch
    let lifecycle = NIOLockedValueBox(EngineLifecycle())
    let current: CurrentRun
    private let resources: EngineResources
    private let watchdog = NIOLockedValueBox<Watchdog?>(nil)
    private let nextKey = Atomic<UInt64>(0)
    private let fetches = FetchBudget()
    /// What the engine has done so far, in numbers.
    public let metrics = EngineMetrics()
    let broadcast = EventBroadcast()

    /// An engine that will run `configuration`'s model.
    ///
    /// - Parameter observers: See every event of the engine.
    public convenience init(
        configuration: AsyncEngineConfiguration, logger: Logger = Logger(label: "martlet"),
        observers: [any EngineObserver] = []
    ) {
        self.init(
            configuration: configuration, logger: logger, observers: observers,
            resources: EngineResources(threadCount: configuration.threadCount))
    }

    /// An engine that shares processors and memory with others.
    package convenience init(
        configuration: AsyncEngineConfiguration, logger: Logger,
        observers: [any EngineObserver] = [], resources: EngineResources
    ) {
        self.init(
            configuration: configuration, logger: logger, observers: observers,
            resources: resources
        ) { monitor in
            try ModelLoader(
                configuration: configuration, logger: logger, monitor: monitor,
                resources: resources
            ).load()
        }
    }

    /// An engine on parts of the caller's making; `load` runs on the engine's thread.
    package init(
        configuration: AsyncEngineConfiguration, logger: Logger,
        observers: [any EngineObserver] = [], clock: EngineClock = .continuous,
        coreLaunch: CoreLaunch = .ownThread, resources: EngineResources = EngineResources(),
        load: @escaping @Sendable (LoadingMonitor) throws -> EngineParts
    ) {
        self.configuration = configuration
        self.logger = logger
        self.load = load
        self.clock = clock
        self.coreLaunch = coreLaunch
        self.resources = resources
        current = CurrentRun(gate: resources.gate)
        let observer = ObserverList([metrics, broadcast] + observers)
        self.observer = observer
        let monitor = LoadMonitor(thresholds: configuration.loadThresholds)
        gate = AdmissionGate(
            limits: AdmissionLimits(configuration), clock: clock,
            pressure: { monitor.refusal().map(AdmissionRefusal.init) },
            onRefusal: { reason in
                observer.observe([EngineEvent(.refused(reason), time: clock.now())])
            })
    }

    deinit {
        broadcast.finish()
        current.run.close()
    }

    // MARK: Life

    /// Loads the model and begins to serve. Later and concurrent calls join the first one.
    ///
    /// - Parameter progress: Called on the engine's thread while weights are loaded.
    /// - Throws: ``EngineError`` when the model cannot be loaded or the engine is stopped;
    ///   `CancellationError` when the waiting task is cancelled, which does not end the loading:
    ///   ``stop()`` does.
    public func start(
        progress: @escaping @Sendable (LoadingProgress) -> Void = { _ in }
    ) async throws {
        let launches = lifecycle.withLockedValue { lifecycle in
            Result { () throws(EngineError) in try lifecycle.start() }
        }
        let run = current.run
        if try launches.get() {
            run.monitor.observe(progress)
            launch(run)
            watch()
        }
        _ = try await run.ready.value()
    }

    private func launch(_ run: EngineRun) {
        let surroundings = EngineSurroundings(
            run: run, clock: clock, observer: observer,
            reload: { [load] in try load(run.monitor) })
        CoreLauncher(surroundings: surroundings, load: load).start(coreLaunch)
    }

    /// Ends the engine: every open request ends with ``FinishReason/abort``, and later calls
    /// throw ``EngineError/Code/engineStopped``. Returns when the engine's thread has ended; any
    /// number of callers may stop an engine, at any time.
    public func stop() async {
        let launched = lifecycle.withLockedValue { $0.stop() }
        watchdog.withLockedValue { $0 = nil }
        let run = current.run
        run.close()
        run.ready.fulfil(.failure(EngineError(.engineStopped, "The engine is stopped.")))
        guard launched else { return }
        // A cancelled caller still gets what it asked for: an engine whose thread has ended.
        await withCheckedContinuation { continuation in
            run.ended.whenFulfilled { continuation.resume() }
        }
    }

    /// Admits no further requests and waits until the open ones are done.
    ///
    /// - Parameter timeout: How long to wait at most; what is open then stays open.
    /// - Returns: Whether every request is done.
    @discardableResult
    public func drain(timeout: Duration) async -> Bool {
        lifecycle.withLockedValue { $0.drain() }
        return await gate.waitUntilNone(timeout: timeout)
    }

    // MARK: A core that hangs

    private func watch() {
        let interval = min(configuration.stepTimeout / 4, .seconds(1))
        let watchdog = Watchdog(every: interval) { [weak self] in
            guard let self, !lifecycle.withLockedValue(\.isStopped) else { return false }
            lookAtCore()
            return true
        }
        self.watchdog.withLockedValue { $0 = watchdog }
    }

    /// Lets the other engines go on once a step takes longer than a step may. After twice that
    /// time the core is given up, and the engine begins anew.
    ///
    /// The requests that it has worked on end with an error, since one of them may be what it is
    /// stuck with; those that only waited go to the next core.
    private func lookAtCore() {
        let run = current.run
        guard let age = run.heartbeat.reading.stepAge(clock.now()),
            age > configuration.stepTimeout
        else { return }
        resources.revoke(run.share)
        guard age > configuration.stepTimeout * 2 else { return }
        logger.error("a step has taken \(age) and is given up; the model is loaded anew")
        let next = current.replace()
        let (started, waiting) = run.abandon()
        let error = EngineError(.stepFailed, "The engine was stuck and has been restarted.")
        for request in started { request.end(throwing: error) }
        observer.observe([EngineEvent(.restarted, time: clock.now())] + started.map(lost))
        launch(next)
        for request in waiting where !next.submit(request) { request.end(throwing: error) }
    }

    private func lost(_ request: AdmittedRequest) -> EngineEvent {
        EngineEvent(
            .finished(
                .failed(.stepFailed), promptTokenCount: request.prepared.promptTokens.count,
                generationTokenCount: 0),
            request: request.key.rawValue, requestID: request.prepared.requestID,
            time: clock.now())
    }

    // MARK: Requests

    /// The loaded model; waits while it is loading.
    package var model: ServedModel {
        get async throws {
            if lifecycle.withLockedValue({ $0.isIdle }) {
                throw EngineError(.engineStopped, "The engine is not started.")
            }
            return try await current.run.ready.value()
        }
    }

    /// Reserves a place for a request that has not been read yet; ``GenerationRequest/ticket``
    /// takes it.
    ///
    /// - Throws: ``EngineError/Code/overloaded``, with the time after which to retry, or why the
    ///   engine admits nothing at all.
    package func reserve() throws(EngineError) -> AdmissionTicket {
        try lifecycle.withLockedValue { $0 }.requireAdmitting()
        guard statistics.activity != .sleeping else {
            throw EngineError(.sleeping, "The model sleeps; wake it up first.")
        }
        return try gate.reserve()
    }

    /// Admits a request; its output arrives in the stream.
    ///
    /// - Throws: ``EngineError`` when the request is wrong or the engine does not admit;
    ///   `CancellationError` when the task is cancelled while the model is still loading.
    public func generate(_ request: GenerationRequest) async throws -> GenerationStream {
        let arrival = clock.now()
        let reserved = request.ticket.flatMap { $0.belongs(to: gate) ? $0 : nil }
        let ticket = try reserved ?? reserve()
        do {
            try lifecycle.withLockedValue { $0 }.requireAdmitting()
            let model = try await model
            // Reading from disk takes as long as it takes.
            let size = model.prefixStore == nil ? request.prompt.approximateSize : .max
            let fetches = fetches
            let prepared = try await PreparationQueue.run(size: size) {
                () throws(EngineError) in
                var prepared = try RequestPreparation(model: model).prepare(request)
                prepared.storedBlocks = fetches.fetch(for: prepared, from: model.prefixStore)
                return prepared
            }
            defer { fetches.end(prepared) }
            try ticket.enqueue(tokenCount: prepared.promptTokens.count)
            return try admit(prepared, of: request, ticket: ticket, arrival: arrival)
        } catch {
            ticket.end()
            throw error
        }
    }

    private func admit(
        _ prepared: PreparedRequest, of request: GenerationRequest, ticket: AdmissionTicket,
        arrival: ContinuousClock.Instant
    ) throws(EngineError) -> GenerationStream {
        let key = RequestKey(rawValue: nextKey.add(1, ordering: .relaxed).newValue)
        let slot = OutputSlot(
            limits: OutputSlot.Limits(
                byteCount: configuration.maximumUnreadByteCount,
                stall: configuration.readerTimeout))
        let queueTimeout = [request.queueTimeout, configuration.queueTimeout].least
        let timeout = [request.timeout, configuration.requestTimeout].least
        let admitted = AdmittedRequest(
            key: key, prepared: prepared, slot: slot, ticket: ticket, arrival: arrival,
            queueDeadline: queueTimeout.map { arrival + $0 },
            deadline: timeout.map { arrival + $0 },
            randomSeed: configuration.seed.map { $0 &+ key.rawValue } ?? .random(in: 0 ... .max))
        guard current.run.submit(admitted) else {
            throw EngineError(.engineStopped, "The engine is stopped.")
        }
        return GenerationStream(
            prepared: prepared, handle: StreamHandle(slot: slot, key: key, current: current))
    }
}

extension [Duration?] {
    /// The shortest of those that are set.
    fileprivate var least: Duration? { compactMap { $0 }.min() }
}
