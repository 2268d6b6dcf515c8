import Logging
import MartletEngine
import NIOConcurrencyHelpers

/// Managers of models without arithmetic, whose sizes, loading times and failures are given.
struct ManagedModels {
    struct Model {
        var size = 10
        var loadTime = Duration.zero
        var keepAlive: Duration?
        var isPinned = false
        var loadsEagerly = false
    }

    /// What happened, and what is to fail.
    struct Log {
        /// Names of models whose load began, in order.
        var loads: [String] = []
        var failing: Set<String> = []
        var loadingNow = 0
        var loadingMax = 0
    }

    var models: [(name: String, model: Model)]
    var configuration = ModelManagerConfiguration()
    var settings = TestEngine()
    let log = NIOLockedValueBox(Log())
    private let mayLoad = ConditionLock(value: true)

    init(_ models: KeyValuePairs<String, Model>, budget: Int? = 100) {
        self.models = models.map { (name: $0.key, model: $0.value) }
        configuration.memoryByteCount = budget
    }

    func make() throws -> ModelManager {
        let table = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0.model) })
        let (log, settings, mayLoad) = (log, settings, mayLoad)
        return try ModelManager(
            models.map { name, model in
                ModelDefinition(
                    names: [name, name + "-alias"], configuration: .init(model: name),
                    isPinned: model.isPinned, keepAlive: model.keepAlive,
                    loadsEagerly: model.loadsEagerly)
            }, configuration: configuration, logger: Logger(label: "test"),
            estimate: { table[$0.names[0]]?.size ?? 10 },
            makeEngine: { definition, _ in
                let name = definition.names[0]
                return AsyncEngine(
                    configuration: definition.configuration, logger: Logger(label: "test")
                ) { _ in
                    log.withLockedValue { log in
                        log.loads.append(name)
                        log.loadingNow += 1
                        log.loadingMax = max(log.loadingMax, log.loadingNow)
                    }
                    mayLoad.lock(whenValue: true)
                    mayLoad.unlock()
                    Self.sleep(table[name]?.loadTime ?? .zero)
                    let fails = log.withLockedValue { log in
                        log.loadingNow -= 1
                        return log.failing.contains(name)
                    }
                    if fails { throw EngineError(.loadingFailed, "\(name) is broken") }
                    return try settings.parts()
                }
            })
    }

    /// A running manager for the time that `body` runs.
    func run<Result: Sendable>(
        _ body: (ModelManager) async throws -> Result
    ) async throws -> Result {
        try await make().whileRunning(body)
    }

    var loads: [String] { log.withLockedValue(\.loads) }

    /// The most loads that ran at a time.
    var loadingMax: Int { log.withLockedValue(\.loadingMax) }

    /// Lets the loads of these models fail from now on, and no others.
    func fail(_ names: Set<String>) {
        log.withLockedValue { $0.failing = names }
    }

    /// Lets loads hang from now on, or go on.
    func hold(_ isHeld: Bool) {
        mayLoad.lock()
        mayLoad.unlock(withValue: !isHeld)
    }

    /// Blocks the engine's thread, as reading a checkpoint does.
    private static func sleep(_ duration: Duration) {
        guard duration > .zero else { return }
        _ = ConditionLock(value: 0).lock(whenValue: 1, timeoutSeconds: duration / .seconds(1))
    }
}

extension ModelManager {
    /// The state of the model `name`.
    func state(_ name: String) -> ModelState? {
        statuses.first { $0.name == name }?.state
    }

    /// Waits until the model `name` is in `state`.
    nonisolated func wait(_ name: String, for state: ModelState) async throws {
        let end = ContinuousClock.now + .seconds(20)
        while await self.state(name) != state {
            guard ContinuousClock.now < end else {
                throw EngineError(.engineStopped, "'\(name)' is not \(state): \(statuses)")
            }
            try await Task.sleep(for: .milliseconds(2))
        }
    }
}
