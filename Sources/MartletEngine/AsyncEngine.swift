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
    let resources: EngineResources
    let watchdog = NIOLockedValueBox<Watchdog?>(nil)
    let nextKey = Atomic<UInt64>(0)
    let fetches = FetchBudget()
    /// What the engine has done so far, in numbers.
    public let metrics = EngineMetrics()
    let broadcast = EventBroadcast()

    /// An engine that will run `configuration`'s model.
    ///
    /// - Parameters:
    ///   - configuration: What to run, and within which bounds.
    ///   - logger: Where the engine logs.
    ///   - observers: See every event of the engine.
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
        _ = try await beginStart(progress: progress).value()
    }

    /// - Returns: What is set once the model is loaded.
    func beginStart(
        progress: @escaping @Sendable (LoadingProgress) -> Void
    ) throws(EngineError) -> OneShot<ServedModel> {
        let launches = lifecycle.withLockedValue { lifecycle in
            Result { () throws(EngineError) in try lifecycle.start() }
        }
        let run = current.run
        if try launches.get() {
            run.monitor.observe(progress)
            launch(run)
            watch()
        }
        return run.ready
    }

    func launch(_ run: EngineRun) {
        let surroundings = EngineSurroundings(
            run: run, clock: clock, observer: observer,
            reload: { [load] in try load(run.monitor) })
        CoreLauncher(surroundings: surroundings, load: load).start(coreLaunch)
    }

    /// Ends the engine: every open request ends with ``FinishReason/abort``, and later calls
    /// throw ``EngineError/Code/engineStopped``. Returns when the engine's thread has ended; any
    /// number of callers may stop an engine, at any time.
    public func stop() async {
        guard let ended = beginStop() else { return }
        // A cancelled caller still gets what it asked for: an engine whose thread has ended.
        await withCheckedContinuation { continuation in
            ended.whenFulfilled { continuation.resume() }
        }
        broadcast.finish()
    }

    /// - Returns: What is set once the engine's thread has ended; nil where there is none.
    func beginStop() -> OneShot<Bool>? {
        let launched = lifecycle.withLockedValue { $0.stop() }
        let run = current.run
        run.close()
        run.ready.fulfil(.failure(EngineError(.engineStopped, "The engine is stopped.")))
        return launched ? run.ended : nil
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
}
