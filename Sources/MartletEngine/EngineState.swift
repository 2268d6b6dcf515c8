/// Where an engine is in its life.
public enum EngineState: Hashable, Sendable {
    /// Created, and not started yet.
    case idle
    /// Loading the model; the fraction goes from 0 to 1.
    case loading(fraction: Double)
    /// Serving.
    case ready
    /// Finishing what it has admitted, admitting no more.
    case draining
    /// Stopped for good.
    case stopped
    /// Could not load its model.
    case failed(EngineError)
}

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
