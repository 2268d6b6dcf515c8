import NIOConcurrencyHelpers
import Synchronization

/// How far the loading of a model has come.
public struct LoadingProgress: Hashable, Sendable {
    /// The share of the weights' bytes that is loaded, 0 to 1.
    public let fraction: Double

    /// Progress of a load.
    public init(fraction: Double) {
        self.fraction = fraction
    }
}

/// Tells a loader whether it is still wanted, and everyone else how far it is.
package final class LoadingMonitor: Sendable {
    private let cancelled = Atomic(false)
    private let current = NIOLockedValueBox(LoadingProgress(fraction: 0))
    private let report = NIOLockedValueBox<(@Sendable (LoadingProgress) -> Void)?>(nil)

    package init() {}

    /// Whether loading has to end early.
    package var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// The latest progress.
    package var progress: LoadingProgress { current.withLockedValue { $0 } }

    /// Asks the loader to end early.
    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    /// Calls `observer` with every further progress, on the loader's thread.
    func observe(_ observer: @escaping @Sendable (LoadingProgress) -> Void) {
        report.withLockedValue { $0 = observer }
    }

    /// Notes progress and passes it on.
    package func update(_ progress: LoadingProgress) {
        current.withLockedValue { $0 = progress }
        report.withLockedValue { $0 }?(progress)
    }
}
