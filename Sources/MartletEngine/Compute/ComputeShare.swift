/// One engine's place among those that share the processors; it is given up with the last
/// reference.
package final class ComputeShare: Sendable {
    private let gate: ComputeGate
    private let id: ShareID
    private let signal: TurnSignal

    init(gate: ComputeGate, id: ShareID, signal: TurnSignal) {
        self.gate = gate
        self.id = id
        self.signal = signal
    }

    deinit {
        gate.leave(id)
    }

    /// Runs `body` when it is this engine's turn; blocks the calling thread until then.
    ///
    /// One thread at a time takes turns on a share, and `body` takes none itself. `body` runs to
    /// its end even where the turn is revoked meanwhile.
    package func turn<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let ticket = gate.take(id, signal)
        defer { gate.finish(id, ticket) }
        return try body()
    }

    /// Says that no further turn is wanted for now: the others need not wait for this engine to
    /// come back. For an engine that runs out of requests.
    package func rest() {
        gate.rest(id)
    }

    /// Takes this engine's turn from it, for a watchdog that finds it hanging: the others go on,
    /// and the turn's late end counts for nothing.
    ///
    /// - Returns: Whether there was a turn to take.
    @discardableResult
    package func revoke() -> Bool { gate.revoke(id) }

    /// How long this engine's turn has lasted; nil while it has none.
    package var turnDuration: Duration? { gate.turnDuration(id) }

    /// Compute time used, absences counted as if served.
    package var usedTime: Duration { gate.usedTime(id) }
}
