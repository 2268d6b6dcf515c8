import MartletTensor

/// The threads of one load, which give way to engines that serve.
///
/// They work at full speed while nobody else computes. From the first moment that somebody does
/// they have the priority of background work: they take the processors' idle time and a tenth of
/// the rest. Confined to the thread that loads.
final class LoadingCrew {
    /// How long after its last step an engine counts as serving.
    static let memory = Duration.seconds(1)

    /// Threads of this load alone: they could not get their priority back.
    let pool: WorkerPool
    private let gate: ComputeGate
    private(set) var givesWay = false

    init(_ resources: EngineResources) {
        pool = WorkerPool(threadCount: resources.threadCount)
        gate = resources.gate
    }

    deinit {
        pool.shutdown()
    }

    /// Lowers the priority of the calling thread and of the pool's once an engine serves.
    func giveWayWhereNeeded() {
        guard !givesWay, gate.isInUse(within: Self.memory) else { return }
        givesWay = true
        pool.lowerPriority()
        ThreadPriority.lowerForCurrentThread()
    }
}
