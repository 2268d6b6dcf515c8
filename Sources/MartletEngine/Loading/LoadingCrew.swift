package import MartletTensor

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The threads of one load, which give way to engines that serve.
///
/// They work at full speed while nobody else computes. From the first moment that somebody does
/// they have the priority of background work, and take what the others leave of the processors:
/// between the kernels of a step, and between two steps, that is enough for a load to come to its
/// end. Confined to the thread that loads.
package final class LoadingCrew {
    /// How long after its last step an engine counts as serving.
    static let memory = Duration.seconds(1)

    /// Threads of this load alone: they could not get their priority back.
    package let pool: WorkerPool
    private let gate: ComputeGate
    package private(set) var givesWay = false

    package init(_ resources: EngineResources) {
        pool = WorkerPool(threadCount: resources.threadCount)
        gate = resources.gate
    }

    deinit {
        pool.shutdown()
    }

    /// Lowers the priority of the calling thread and of the pool's once an engine serves.
    package func giveWayWhereNeeded() {
        guard !givesWay, gate.isInUse(within: Self.memory) else { return }
        givesWay = true
        let background: ThreadPriority.Background = isMachineShared ? .niced : .idle
        pool.lowerPriority(to: background)
        ThreadPriority.lowerForCurrentThread(to: background)
    }

    /// Whether other processes take so much of the processors that idle time may never come: then
    /// a load would never come to its end, and nobody would be served by its model.
    private var isMachineShared: Bool {
        let files = KernelFiles()
        let before = LoadSample(files)
        usleep(100_000)
        let reading = LoadReading(LoadSample(files), since: before, gpuUsage: nil)
        return (reading.outsideShare ?? 1) > Self.outsideShareMax
    }

    private static let outsideShareMax = 0.15
}
