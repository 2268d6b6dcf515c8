/// The engine's life as a value: what a call changes, and what its caller has to do then.
struct EngineLifecycle {
    private enum Phase {
        case idle, running, draining, stopped
    }

    private var phase = Phase.idle
    private var isLaunched = false

    var isDraining: Bool { phase == .draining }
    var isStopped: Bool { phase == .stopped }
    var isIdle: Bool { phase == .idle }

    /// Returns whether the caller has to launch the engine's thread.
    mutating func start() throws(EngineError) -> Bool {
        switch phase {
        case .idle:
            phase = .running
            isLaunched = true
            return true
        case .running: return false
        case .draining, .stopped: throw EngineError(.engineStopped, "The engine is stopped.")
        }
    }

    mutating func drain() {
        if phase == .running { phase = .draining }
    }

    /// Returns whether a thread was launched, whose end the caller has to await.
    mutating func stop() -> Bool {
        phase = .stopped
        return isLaunched
    }

    func requireAdmitting() throws(EngineError) {
        switch phase {
        case .running: return
        case .idle: throw EngineError(.engineStopped, "The engine is not started.")
        case .draining: throw EngineError(.engineStopped, "The engine is shutting down.")
        case .stopped: throw EngineError(.engineStopped, "The engine is stopped.")
        }
    }
}
