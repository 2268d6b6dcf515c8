public import Logging
import NIOConcurrencyHelpers

/// Loads, lists, unloads and evicts models while others serve: many models, one process, one
/// memory budget, one pool of threads, and equal shares of its time.
///
/// Every model is declared with its names and loads when it is first asked for, or at the start.
/// ``acquire(_:)`` gives a lease on a loaded model; as long as the lease is held, the model stays.
///
/// ```swift
/// let models = [
///     ModelDefinition(names: ["small"], configuration: .init(model: "/models/small")),
///     ModelDefinition(
///         names: ["large", "default"], configuration: .init(model: "/models/large"),
///         keepAlive: .seconds(300)),
/// ]
/// try await ModelManager.withModels(models) { manager in
///     let lease = try await manager.acquire("large")
///     for try await output in try await lease.engine.generate(.init(prompt: "Hello")) {
///         print(output.text, terminator: "")
///     }
/// }
/// ```
///
/// ## Loading
///
/// A manager is a `Service`: loads and unloads happen while ``run()`` runs, and what is asked for
/// before waits. Requests for one model join one load. A load that has begun goes on though
/// everybody who asked for it is cancelled, since clients that give up too early and come again
/// would otherwise never see it end; a model that only waits for memory is forgotten with the last
/// task that wants it, unless ``load(_:)`` asked for it.
///
/// A failed load answers every request of the next ``ModelManagerConfiguration/retryDelay`` with
/// its error; the first request after that tries again.
///
/// ## Memory
///
/// All models together stay within ``ModelManagerConfiguration/memoryByteCount``, by what their
/// files say before they are loaded and by what they take afterwards. A model that needs more than
/// is left takes it from models that are idle and not pinned, the one that was idle longest first.
/// Where those in use leave too little, requests wait up to
/// ``ModelManagerConfiguration/memoryWaitTimeout`` and then fail with
/// ``EngineError/Code/modelBusy``; a model larger than the whole budget fails at once with
/// ``EngineError/Code/insufficientMemory``.
///
/// ## Unloading
///
/// A model leaves when it is told to, when it was idle for its ``ModelDefinition/keepAlive``, when
/// another needs the room, and when its engine fails. It first finishes what is open; requests that
/// come meanwhile wait, and load it again.
public actor ModelManager {
    /// One declared model and what there is of it.
    struct Model {
        let definition: ModelDefinition
        var engine: AsyncEngine?
        var reservation: MemoryReservation?
    }

    /// Makes an engine that is not started yet.
    package typealias EngineFactory =
        @Sendable (ModelDefinition, EngineResources) throws -> AsyncEngine

    /// What takes time, and is performed by ``run()``.
    enum Job: Sendable {
        case load(ModelLoad, AsyncEngine)
        case unload(ModelLoad, AsyncEngine?, gracefully: Bool)
    }

    /// The limits.
    public nonisolated let configuration: ModelManagerConfiguration
    /// What the engines share.
    package nonisolated let resources: EngineResources
    nonisolated let logger: Logger
    nonisolated let makeEngine: EngineFactory
    nonisolated let estimate: @Sendable (ModelDefinition) -> Int
    nonisolated let jobs: AsyncStream<Job>
    nonisolated let jobQueue: AsyncStream<Job>.Continuation
    nonisolated let returns = LeaseReturns()
    nonisolated let stopRequest = OneShot<Bool>()
    nonisolated let ended = OneShot<Bool>()
    nonisolated let eagerLoads = OneShot<Bool>()
    private nonisolated let start = ContinuousClock.now
    private nonisolated let published = NIOLockedValueBox<[ModelRecord]>([])

    var table: ModelTable
    var models: [ModelKey: Model] = [:]
    var waiters: [WaiterKey: OneShot<ModelLease?>] = [:]
    var isRunning = false
    private var nextWaiter: UInt64 = 0

    /// A manager of the models that are declared; the first is the one that requests without a
    /// name get.
    ///
    /// Nothing is loaded yet, but the headers of the checkpoints are read for their sizes.
    ///
    /// - Throws: ``EngineError`` where two models have the same name, or one has none.
    public init(
        _ models: [ModelDefinition],
        configuration: ModelManagerConfiguration = ModelManagerConfiguration(),
        logger: Logger = Logger(label: "martlet")
    ) throws(EngineError) {
        try self.init(
            models, configuration: configuration, logger: logger,
            estimate: { ModelFootprint(of: $0.configuration).requiredByteCount },
            makeEngine: { definition, resources in
                AsyncEngine(
                    configuration: definition.configuration, logger: logger, resources: resources
                ) { monitor in
                    try ModelLoader(
                        configuration: definition.configuration, logger: logger, monitor: monitor,
                        resources: resources
                    ).load()
                }
            })
    }

    /// A manager of one engine of the caller's making, which counts as loaded: it is started by
    /// ``run()``, unless it is already, and stopped with the manager. Unloaded it cannot be loaded
    /// again.
    public init(
        engine: AsyncEngine, names: [String], root: String? = nil,
        configuration: ModelManagerConfiguration = ModelManagerConfiguration(),
        logger: Logger = Logger(label: "martlet")
    ) throws(EngineError) {
        let definition = ModelDefinition(
            names: names, configuration: engine.configuration, root: root, isPinned: true,
            loadsEagerly: true)
        try self.init(
            [definition], configuration: configuration, logger: logger, estimate: { _ in 0 },
            makeEngine: { _, _ in engine }, adopting: engine)
    }

    /// A manager with its own ways to size a model and to make its engine.
    ///
    /// - Parameter engine: The first model's engine, where it exists already.
    package init(
        _ definitions: [ModelDefinition], configuration: ModelManagerConfiguration,
        logger: Logger, estimate: @escaping @Sendable (ModelDefinition) -> Int,
        makeEngine: @escaping EngineFactory, adopting engine: AsyncEngine? = nil
    ) throws(EngineError) {
        let isSingle = definitions.count == 1 && !configuration.allowsAdditions
        let budget =
            if let count = configuration.memoryByteCount {
                MemoryBudget(byteCount: count)
            } else {
                isSingle ? MemoryBudget(byteCount: nil) : .ofAvailableMemory()
            }
        self.configuration = configuration
        self.logger = logger
        self.makeEngine = makeEngine
        self.estimate = estimate
        resources = EngineResources(threadCount: configuration.threadCount, memory: budget)
        (jobs, jobQueue) = AsyncStream.makeStream()
        table = ModelTable(policy: .init(configuration, byteCount: budget.byteCount))
        for definition in definitions {
            let declared = Self.declare(definition, estimate(definition), in: &table)
            models[try declared.get()] = Model(definition: definition)
        }
        if let engine, let key = table.order.first {
            let load = table.adopt(key)
            models[load.model]?.engine = engine
        }
        let records = Self.records(of: table, models, start: start)
        published.withLockedValue { $0 = records }
    }

    static func declare(
        _ definition: ModelDefinition, _ byteCount: Int, in table: inout ModelTable
    ) -> Result<ModelKey, EngineError> {
        do {
            return .success(
                try table.add(
                    .init(
                        names: definition.names, isPinned: definition.isPinned,
                        keepAlive: definition.keepAlive, byteCount: byteCount)))
        } catch {
            return .failure(EngineError(error))
        }
    }

    // MARK: State

    /// Every declared model as it stands, by declaration. Cheap, and from any thread.
    public nonisolated var statuses: [ModelStatus] {
        published.withLockedValue { $0 }.map(\.status)
    }

    /// Whether the models to load at the start are loaded, or cannot be.
    package nonisolated var hasLoadedEagerModels: Bool { eagerLoads.result != nil }

    /// The time since the manager was made.
    nonisolated var now: Duration { ContinuousClock.now - start }

    func makeWaiter() -> WaiterKey {
        nextWaiter += 1
        return WaiterKey(rawValue: nextWaiter)
    }

    func publish() {
        let records = Self.records(of: table, models, start: start)
        published.withLockedValue { $0 = records }
    }

    private static func records(
        of table: ModelTable, _ models: [ModelKey: Model], start: ContinuousClock.Instant
    ) -> [ModelRecord] {
        table.order.compactMap { key in
            guard let entry = table.entries[key], let model = models[key] else { return nil }
            return ModelRecord(
                definition: model.definition, phase: entry.phase,
                estimatedByteCount: entry.declaration.byteCount, byteCount: entry.byteCount,
                leaseCount: entry.leaseCount, lastUsed: entry.lastUse.map { start + $0 },
                engine: model.engine)
        }
    }
}

extension ModelTable.Policy {
    fileprivate init(_ configuration: ModelManagerConfiguration, byteCount: Int?) {
        self.init(byteCount: byteCount)
        waitMax = configuration.memoryWaitTimeout
        retryDelay = configuration.retryDelay
        drainMax = configuration.drainTimeout
        loadCountMax = max(1, configuration.maximumConcurrentLoadCount)
    }
}
