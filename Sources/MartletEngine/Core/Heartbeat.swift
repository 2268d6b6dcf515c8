import NIOConcurrencyHelpers

/// What the engine's thread last did, for those who judge whether it still lives.
final class Heartbeat: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// The state of the step loop at a moment.
    struct Reading: Hashable, Sendable {
        /// When the step under way began; nil between steps.
        var stepStart: Instant?
        /// When the latest step ended; nil before the first.
        var lastStepEnd: Instant?
        /// Steps that failed in a row.
        var failureCount = 0
    }

    private let state = NIOLockedValueBox(Reading())

    var reading: Reading { state.withLockedValue { $0 } }

    func beginStep(_ now: Instant) {
        state.withLockedValue { $0.stepStart = now }
    }

    /// - Returns: How many steps have failed in a row.
    @discardableResult
    func endStep(_ now: Instant, failed: Bool) -> Int {
        state.withLockedValue { reading in
            reading.stepStart = nil
            reading.lastStepEnd = now
            reading.failureCount = failed ? reading.failureCount + 1 : 0
            return reading.failureCount
        }
    }
}

extension Heartbeat.Reading {
    /// How long the step under way has taken so far.
    func stepAge(_ now: Heartbeat.Instant) -> Duration? {
        stepStart.map { now - $0 }
    }
}
