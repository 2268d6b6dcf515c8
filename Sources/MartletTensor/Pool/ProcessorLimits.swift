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
    /// Processors online in the machine.
    package let onlineCount: Int
    /// Processors' worth of time per second that the cgroup grants; nil when unlimited.
    package let quota: Double?

    package init(affinity: [Int], onlineCount: Int, quota: Double?) {
        self.affinity = affinity
        self.onlineCount = onlineCount
        self.quota = quota
    }

    /// Threads worth starting: one per processor, but not more than the quota lets run.
    package var usableCount: Int {
        guard let quota else { return max(affinity.count, 1) }
        return max(1, min(affinity.count, Int(quota.rounded(.up))))
    }

    /// Whether somebody set processors aside for this process. Only then is it wise to pin
    /// threads: on a shared machine the scheduler must be free to move them out of the way.
    package var ownsAffinitySet: Bool {
        affinity.count < onlineCount && usableCount == affinity.count
    }

    package static var current: ProcessorLimits {
        let online = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        return ProcessorLimits(
            affinity: currentAffinity() ?? Array(0..<online), onlineCount: online,
            quota: ControlGroupQuota.current)
    }

    private static func currentAffinity() -> [Int]? {
        var processors = [Int32](repeating: 0, count: 1024)
        let count = martlet_thread_affinity(&processors, processors.count)
        return count == 0 ? nil : processors.prefix(count).map { Int($0) }
    }
}
