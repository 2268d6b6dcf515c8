import NIOConcurrencyHelpers

/// The door of an engine: any thread asks for a ticket, and nobody gets in without one.
package final class AdmissionGate: Sendable {
    private struct State {
        var admission: RequestAdmission
        var none = OneShot<Bool>()
    }

    private let state: NIOLockedValueBox<State>
    private let clock: EngineClock
    private let pressure: @Sendable () -> AdmissionRefusal?
    private let onRefusal: @Sendable (AdmissionRefusal) -> Void

    /// - Parameters:
    ///   - pressure: What keeps the machine from taking on more; must not block.
    ///   - onRefusal: Called for each request that is turned away, on its thread.
    init(
        limits: AdmissionLimits, clock: EngineClock,
        pressure: @escaping @Sendable () -> AdmissionRefusal? = { nil },
        onRefusal: @escaping @Sendable (AdmissionRefusal) -> Void = { _ in }
    ) {
        state = NIOLockedValueBox(State(admission: RequestAdmission(limits: limits)))
        self.clock = clock
        self.pressure = pressure
        self.onRefusal = onRefusal
    }

    /// Requests that have a ticket and have not ended.
    var openCount: Int { state.withLockedValue(\.admission.openCount) }

    /// Whether the next request would be refused for the number of open ones.
    var isFull: Bool {
        state.withLockedValue { $0.admission.openCount >= $0.admission.limits.openCount }
    }

    /// Reserves a place.
    ///
    /// - Throws: ``EngineError/Code/overloaded`` with the time after which to retry.
    func reserve() throws(EngineError) -> AdmissionTicket {
        let (now, pressure) = (clock.now(), pressure())
        try change { admission throws(RequestAdmission.Refusal) in
            try admission.reserve(now: now, pressure: pressure)
        }
        return AdmissionTicket(gate: self)
    }

    func enqueue(tokenCount: Int) throws(EngineError) {
        let now = clock.now()
        try change { admission throws(RequestAdmission.Refusal) in
            try admission.enqueue(tokenCount: tokenCount, now: now)
        }
    }

    func start(tokenCount: Int) {
        state.withLockedValue { $0.admission.start(tokenCount: tokenCount) }
    }

    func end(waitingTokenCount: Int?) {
        let now = clock.now()
        let none: OneShot<Bool>? = state.withLockedValue { state in
            state.admission.end(waitingTokenCount: waitingTokenCount, now: now)
            guard state.admission.openCount == 0 else { return nil }
            defer { state.none = OneShot() }
            return state.none
        }
        none?.fulfil(.success(true))
    }

    /// The error of a request that waited too long.
    func queueTimeout() -> EngineError {
        let now = clock.now()
        let refusal = state.withLockedValue {
            $0.admission.refusal(.queueTimeout, now: now)
        }
        onRefusal(.queueTimeout)
        return EngineError(refusal)
    }

    /// Waits until no request has a ticket.
    ///
    /// - Returns: False when `timeout` passes, or the task is cancelled, before.
    func waitUntilNone(timeout: Duration) async -> Bool {
        let none: OneShot<Bool>? = state.withLockedValue { state in
            state.admission.openCount == 0 ? nil : state.none
        }
        guard let none else { return true }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await none.value()) ?? false }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }

    private func change(
        _ body: (inout RequestAdmission) throws(RequestAdmission.Refusal) -> Void
    ) throws(EngineError) {
        let refusal: RequestAdmission.Refusal? = state.withLockedValue { state in
            do throws(RequestAdmission.Refusal) {
                try body(&state.admission)
                return nil
            } catch {
                return error
            }
        }
        guard let refusal else { return }
        onRefusal(refusal.reason)
        throw EngineError(refusal)
    }
}

extension EngineError {
    init(_ refusal: RequestAdmission.Refusal) {
        let code: Code = refusal.reason == .queueTimeout ? .queueTimeout : .overloaded
        self.init(code, refusal.reason.message, retryAfter: refusal.retryAfter)
    }
}
