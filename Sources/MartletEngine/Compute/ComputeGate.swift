import NIOConcurrencyHelpers

/// Lets the engines of one process compute one at a time, and for equal shares of the time.
///
/// The processors' caches and bandwidth serve one step well and two at once badly, so steps take
/// turns. Among engines that want a turn, the one that has used the least time goes first: a
/// model whose steps take 600 ms and one whose steps take 20 ms compute equally long.
///
/// ```swift
/// let share = gate.join()
/// let results = try share.turn { try executor.execute(batch, sequences: sequences) }
/// ```
///
/// A turn blocks the calling thread while others compute, so it belongs on an engine's thread and
/// never on one of the cooperative pool. Where nobody else wants to compute it costs two short
/// locks.
package final class ComputeGate: Sendable {
    private struct State {
        var gate = GateState()
        var signals: [ShareID: TurnSignal] = [:]
    }

    private let state = NIOLockedValueBox(State())
    private let now: @Sendable () -> Duration

    /// A gate on the system's clock.
    package convenience init() {
        let start = ContinuousClock.now
        self.init { ContinuousClock.now - start }
    }

    /// - Parameter now: The time since any fixed moment.
    package init(now: @escaping @Sendable () -> Duration) {
        self.now = now
    }

    /// Adds an engine, until its share is let go.
    package func join() -> ComputeShare {
        let signal = TurnSignal()
        let id = state.withLockedValue { state in
            let id = state.gate.join()
            state.signals[id] = signal
            return id
        }
        return ComputeShare(gate: self, id: id, signal: signal)
    }

    /// Whether any engine computes, or did within the last `duration`.
    package func isInUse(within duration: Duration) -> Bool {
        let now = now()
        return state.withLockedValue { $0.gate.isInUse(now: now, within: duration) }
    }

    /// Waits for a turn, on the calling thread.
    func take(_ id: ShareID, _ signal: TurnSignal) -> GateState.Ticket {
        var answer = change { $0.request(id, now: $1) }
        while true {
            switch answer {
            case .go(let ticket): return ticket
            case .wait(nil): signal.wait()
            case .wait(let end?): signal.wait(atMost: end - now())
            }
            answer = change { $0.poll(id, now: $1) }
        }
    }

    func finish(_ id: ShareID, _ ticket: GateState.Ticket) {
        change { $0.finish(id, ticket, now: $1) }
    }

    func revoke(_ id: ShareID) -> Bool {
        change { $0.revoke(id, now: $1) }
    }

    func rest(_ id: ShareID) {
        change { $0.rest(id, now: $1) }
    }

    func turnDuration(_ id: ShareID) -> Duration? {
        let now = now()
        return state.withLockedValue { $0.gate.turnStart(id) }.map { now - $0 }
    }

    func usedTime(_ id: ShareID) -> Duration {
        state.withLockedValue { $0.gate.shares.usedTime(id) }
    }

    func leave(_ id: ShareID) {
        change { $0.leave(id, now: $1) }
        state.withLockedValue { $0.signals[id] = nil }
    }

    /// Applies an event, and wakes the engine that it concerns.
    private func change<Result>(
        _ event: (inout GateState, Duration) -> Result
    ) -> Result {
        let (result, signal) = state.withLockedValue { state in
            let result = event(&state.gate, now())
            return (result, state.gate.takeWakeUp().flatMap { state.signals[$0] })
        }
        signal?.wake()
        return result
    }
}

/// What a waiting engine's thread sleeps on. A wake-up that comes before the sleep is not lost.
final class TurnSignal: Sendable {
    private let isWoken = ConditionLock(value: false)

    func wake() {
        isWoken.lock()
        isWoken.unlock(withValue: true)
    }

    func wait() {
        isWoken.lock(whenValue: true)
        isWoken.unlock(withValue: false)
    }

    func wait(atMost duration: Duration) {
        let seconds = duration / .seconds(1)
        guard seconds > 0, isWoken.lock(whenValue: true, timeoutSeconds: seconds) else { return }
        isWoken.unlock(withValue: false)
    }
}
