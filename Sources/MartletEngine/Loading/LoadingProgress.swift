import Synchronization

/// How far the loading of a model has come.
public struct LoadingProgress: Hashable, Sendable {
    /// Bytes of weights loaded so far.
    public let loadedByteCount: Int
    /// Bytes of weights in all.
    public let totalByteCount: Int

    /// The share that is loaded, 0 to 1.
    public var fraction: Double {
        totalByteCount == 0 ? 0 : Double(loadedByteCount) / Double(totalByteCount)
    }

    /// Progress of a load.
    public init(loadedByteCount: Int, totalByteCount: Int) {
        self.loadedByteCount = loadedByteCount
        self.totalByteCount = totalByteCount
    }
}

/// Tells a loader whether it is still wanted, and everyone else how far it is.
package final class LoadingMonitor: Sendable {
    private let cancelled = Atomic(false)
    private let current = Mutex(LoadingProgress(loadedByteCount: 0, totalByteCount: 0))
    private let report = Mutex<(@Sendable (LoadingProgress) -> Void)?>(nil)

    package init() {}

    /// Whether loading has to end early.
    package var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

    /// The latest progress.
    package var progress: LoadingProgress { current.withLock { $0 } }

    /// Asks the loader to end early.
    func cancel() {
        cancelled.store(true, ordering: .relaxed)
    }

    /// Calls `observer` with every further progress, on the loader's thread.
    func observe(_ observer: @escaping @Sendable (LoadingProgress) -> Void) {
        report.withLock { $0 = observer }
    }

    /// Notes progress and passes it on.
    package func update(_ progress: LoadingProgress) {
        current.withLock { $0 = progress }
        report.withLock { $0 }?(progress)
    }
}
