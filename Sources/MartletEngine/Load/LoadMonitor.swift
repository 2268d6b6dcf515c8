import NIOConcurrencyHelpers

/// Watches the machine's load for the admission of requests.
///
/// A reading is taken by whoever asks when the last one is old, in well under a millisecond; who
/// asks meanwhile gets the last one. So nobody waits, and nothing runs while nobody asks.
package final class LoadMonitor: Sendable {
    private struct State {
        var gate: LoadGate
        var reading = LoadReading()
        var sample: LoadSample?
        var readAt: ContinuousClock.Instant?
        var isReading = false
    }

    /// How old a reading may be.
    package static let lifetime = Duration.milliseconds(250)

    private let state: NIOLockedValueBox<State>
    private let files: KernelFiles
    private let gpuProbe: (@Sendable () -> Double?)?
    private let isOff: Bool

    /// - Parameters:
    ///   - root: Where the kernel's files are; tests point it elsewhere.
    ///   - gpuProbe: Tells the share of the accelerator in use. It must not block.
    package init(
        thresholds: LoadThresholds, root: String = "",
        gpuProbe: (@Sendable () -> Double?)? = nil
    ) {
        state = NIOLockedValueBox(State(gate: LoadGate(thresholds: thresholds)))
        files = KernelFiles(root: root)
        self.gpuProbe = gpuProbe
        isOff = thresholds.areOff
    }

    /// The latest reading, at most a quarter of a second old if anybody could take one since.
    package func reading(now: ContinuousClock.Instant = .now) -> LoadReading {
        renew(now: now)
        return state.withLockedValue(\.reading)
    }

    /// Why a request is refused now; nil when it is not.
    package func refusal(now: ContinuousClock.Instant = .now) -> LoadRefusal? {
        if isOff { return nil }
        renew(now: now)
        return state.withLockedValue(\.gate.refusal)
    }

    private func renew(now: ContinuousClock.Instant) {
        let isMine = state.withLockedValue { state in
            if let readAt = state.readAt, now - readAt < Self.lifetime { return false }
            if state.isReading { return false }
            state.isReading = true
            return true
        }
        guard isMine else { return }
        let sample = LoadSample(files)
        let gpuUsage = gpuProbe?()
        state.withLockedValue { state in
            state.reading = LoadReading(sample, since: state.sample, gpuUsage: gpuUsage)
            _ = state.gate.isOverloaded(state.reading)
            state.sample = sample
            state.readAt = now
            state.isReading = false
        }
    }
}
