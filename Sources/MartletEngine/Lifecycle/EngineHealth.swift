/// Whether an engine lives, judged by what it does and not by what it says.
public struct EngineHealth: Hashable, Sendable {
    /// What is the matter, if anything.
    public enum Condition: Hashable, Sendable {
        /// Steps are taken when there is something to do.
        case healthy
        /// The model is not loaded.
        case notReady
        /// The step under way takes longer than a step may.
        case stuck
        /// The latest steps all failed.
        case failing
    }

    /// What is the matter, if anything.
    public let condition: Condition
    /// How long the step under way has taken so far; nil between steps.
    public let stepAge: Duration?
    /// How long ago the latest step ended; nil before the first.
    public let lastStepAge: Duration?
}

extension EngineHealth {
    /// The verdict on what a heartbeat says.
    ///
    /// - Parameters:
    ///   - stepTimeout: How long a step may take.
    ///   - failureCountMax: How many steps may fail in a row.
    init(
        _ reading: Heartbeat.Reading, isReady: Bool, now: ContinuousClock.Instant,
        stepTimeout: Duration, failureCountMax: Int = 3
    ) {
        stepAge = reading.stepAge(now)
        lastStepAge = reading.lastStepEnd.map { now - $0 }
        if let stepAge, stepAge > stepTimeout {
            condition = .stuck
        } else if reading.failureCount >= failureCountMax {
            condition = .failing
        } else {
            condition = isReady ? .healthy : .notReady
        }
    }
}
