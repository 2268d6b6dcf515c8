import CMartletKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// How many processors this process may use.
package struct ProcessorLimits: Sendable {
    /// Processors of the affinity mask, ascending.
    package let affinity: [Int]
    /// Processors' worth of time per second that the cgroup grants; nil when unlimited.
    package let quota: Double?

    package init(affinity: [Int], quota: Double?) {
        self.affinity = affinity
        self.quota = quota
    }

    /// Threads worth starting: one per processor, but not more than the quota lets run.
    package var usableCount: Int {
        guard let quota else { return max(affinity.count, 1) }
        return max(1, min(affinity.count, Int(quota.rounded(.up))))
    }

    /// Whether a pool of `threadCount` threads has a processor for each of them and leaves none:
    /// then each keeps to its own. With fewer threads the scheduler had better choose.
    package func areCovered(by threadCount: Int) -> Bool {
        threadCount > 1 && threadCount == affinity.count && threadCount == usableCount
    }

    package static var current: ProcessorLimits {
        let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return ProcessorLimits(
            affinity: currentAffinity() ?? Array(0..<online),
            quota: ControlGroupQuota.current)
    }

    private static func currentAffinity() -> [Int]? {
        var processors = [Int32](repeating: 0, count: 1024)
        let count = martlet_thread_affinity(&processors, processors.count)
        return count == 0 ? nil : processors.prefix(count).map { Int($0) }
    }
}
