package import MartletTensor
import NIOConcurrencyHelpers

/// What the engines of one process share: the threads that compute, the turns to use them, and
/// the memory.
package final class EngineResources: Sendable {
    /// Threads that compute; nil is what affinity and cgroup quota allow.
    package let threadCount: Int?
    /// Whose step runs next.
    package let gate: ComputeGate
    /// What all models together may take.
    package let memory: MemoryBudget
    /// What is set aside for the one engine that these resources are handed to; nil where nobody
    /// keeps account.
    package let reservation: MemoryReservation?
    private let sharedPool: SharedPool

    /// Resources of a process of their own, or of a single engine.
    package convenience init(
        threadCount: Int? = nil, gate: ComputeGate = ComputeGate(),
        memory: MemoryBudget = MemoryBudget(byteCount: nil)
    ) {
        self.init(
            threadCount: threadCount, gate: gate, memory: memory, reservation: nil,
            sharedPool: SharedPool())
    }

    private init(
        threadCount: Int?, gate: ComputeGate, memory: MemoryBudget,
        reservation: MemoryReservation?, sharedPool: SharedPool
    ) {
        self.threadCount = threadCount
        self.gate = gate
        self.memory = memory
        self.reservation = reservation
        self.sharedPool = sharedPool
    }

    /// The same resources for an engine whose memory is set aside in `reservation`.
    package func with(_ reservation: MemoryReservation) -> EngineResources {
        EngineResources(
            threadCount: threadCount, gate: gate, memory: memory, reservation: reservation,
            sharedPool: sharedPool)
    }

    /// The threads that compute, made when first asked for.
    package var pool: WorkerPool { sharedPool.pool(threadCount: threadCount) }

    /// Lets the other engines go on when the one of `share` hangs in its turn: the turn passes to
    /// the next, and the threads that may hang with it are replaced.
    ///
    /// - Returns: Whether there was a turn to take.
    @discardableResult
    package func revoke(_ share: ComputeShare) -> Bool {
        guard share.turnDuration != nil else { return false }
        // The threads first: whoever gets the turn must not meet the stuck ones.
        pool.replaceThreads()
        return share.revoke()
    }
}

/// One pool for many, made when first asked for.
private final class SharedPool: Sendable {
    private let made = NIOLockedValueBox<WorkerPool?>(nil)

    func pool(threadCount: Int?) -> WorkerPool {
        made.withLockedValue { made in
            if let pool = made { return pool }
            let pool = WorkerPool(threadCount: threadCount)
            made = pool
            return pool
        }
    }
}
