import Logging
import MartletEngine
import NIOConcurrencyHelpers
import Synchronization

/// An engine whose turns the test gives, at times that the test sets.
final class ManualEngine: Sendable {
    let engine: AsyncEngine
    let clock: ManualClock
    private let core: CoreBox

    init(
        _ settings: TestEngine = TestEngine(), configuration: AsyncEngineConfiguration? = nil,
        clock: ManualClock = ManualClock(), observers: [any EngineObserver] = []
    ) {
        let core = CoreBox()
        self.clock = clock
        self.core = core
        engine = AsyncEngine(
            configuration: configuration ?? AsyncEngineConfiguration(model: "test"),
            logger: Logger(label: "test"), observers: observers, clock: clock.engineClock,
            coreLaunch: .handedOver { core.put($0) }
        ) { _ in try settings.parts() }
    }

    /// One turn of the core.
    @discardableResult
    func turn() -> Bool { core.turn() }

    func checkInvariants() throws { try core.checkInvariants() }

    /// Turns until nothing is open.
    func finish(limit: Int = 10_000) -> Bool {
        for _ in 0..<limit where engine.openRequestCount > 0 { turn() }
        return engine.openRequestCount == 0
    }

    /// Ends the engine.
    func stop() async {
        async let stopping: Void = engine.stop()
        while turn() { await Task.yield() }
        core.end()
        await stopping
    }
}

/// Holds a core for the tasks of one test.
private final class CoreBox: Sendable {
    private let core = Mutex<EngineCore?>(nil)

    func put(_ make: () -> EngineCore?) {
        core.withLock { $0 = make() }
    }

    func turn() -> Bool {
        core.withLock { $0?.turn(waits: false) ?? false }
    }

    func checkInvariants() throws {
        try core.withLock { try $0?.checkInvariants() }
    }

    func end() {
        core.withLock { core in
            core?.end()
            core = nil
        }
    }
}

/// A clock that stands still until a test moves it.
final class ManualClock: Sendable {
    private let time = NIOLockedValueBox(ContinuousClock.now)

    var now: ContinuousClock.Instant { time.withLockedValue { $0 } }

    var engineClock: EngineClock { EngineClock { self.now } }

    func advance(by duration: Duration) {
        time.withLockedValue { $0 += duration }
    }
}

/// Remembers every event.
final class EventLog: EngineObserver {
    private let list = NIOLockedValueBox<[EngineEvent]>([])

    var events: [EngineEvent] { list.withLockedValue { $0 } }
    var outcomes: [RequestOutcome] {
        events.compactMap { event in
            if case .finished(let outcome, _, _) = event.kind { outcome } else { nil }
        }
    }

    func observe(_ events: [EngineEvent]) {
        list.withLockedValue { $0 += events }
    }
}
