import NIOConcurrencyHelpers

/// A place in an engine, for one request. It is given back once, when the request ends or, where
/// the request never gets that far, when nobody holds the ticket any more: so it cannot leak.
package final class AdmissionTicket: Sendable {
    private enum Phase {
        case waiting(tokenCount: Int), running, ended
    }

    private let gate: AdmissionGate
    private let phase = NIOLockedValueBox(Phase.waiting(tokenCount: 0))

    init(gate: AdmissionGate) {
        self.gate = gate
    }

    deinit {
        end()
    }

    /// Whether the ticket is of `gate`.
    func belongs(to gate: AdmissionGate) -> Bool { self.gate === gate }

    /// Counts the prompt's tokens among those that wait.
    ///
    /// - Throws: ``EngineError/Code/overloaded``.
    func enqueue(tokenCount: Int) throws(EngineError) {
        try gate.enqueue(tokenCount: tokenCount)
        phase.withLockedValue { $0 = .waiting(tokenCount: tokenCount) }
    }

    /// Notes that the request runs.
    func start() {
        let waiting: Int? = phase.withLockedValue { phase in
            guard case .waiting(let tokenCount) = phase else { return nil }
            phase = .running
            return tokenCount
        }
        if let waiting { gate.start(tokenCount: waiting) }
    }

    /// Gives the place back; further calls do nothing.
    func end() {
        let last = phase.withLockedValue { phase in
            defer { phase = .ended }
            return phase
        }
        switch last {
        case .waiting(let tokenCount): gate.end(waitingTokenCount: tokenCount)
        case .running: gate.end(waitingTokenCount: nil)
        case .ended: return
        }
    }

    /// The error of a request that waited too long.
    func queueTimeout() -> EngineError { gate.queueTimeout() }
}
