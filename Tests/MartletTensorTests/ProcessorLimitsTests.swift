import MartletTensor
import Testing

@Suite struct ProcessorLimitsTests {
    func quota(_ files: [String: String]) -> Double? {
        ControlGroupQuota { files[$0] }.quota
    }

    @Test func `reads version 2 quotas of the group and its ancestors`() {
        let files = [
            "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/b/cpu.max": "max 100000\n",
            "/sys/fs/cgroup/a/cpu.max": "150000 100000\n",
        ]
        #expect(quota(files) == 1.5)
    }

    @Test func `finds the quota of a namespaced container at the root`() {
        let files = [
            "/proc/self/cgroup": "0::/docker/1234\n", "/sys/fs/cgroup/cpu.max": "50000 100000",
        ]
        #expect(quota(files) == 0.5)
    }

    @Test func `reads version 1 quotas`() {
        let files = [
            "/proc/self/cgroup": "5:memory:/x\n4:cpu,cpuacct:/y\n0::/\n",
            "/sys/fs/cgroup/cpu,cpuacct/y/cpu.cfs_quota_us": "300000\n",
            "/sys/fs/cgroup/cpu,cpuacct/y/cpu.cfs_period_us": "100000\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
            "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
        ]
        #expect(quota(files) == 3)
    }

    @Test(arguments: [
        [:], ["/proc/self/cgroup": ""], ["/proc/self/cgroup": "rubbish\n0::/\n"],
        ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "max 100000"],
        ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "100000 0"],
        ["/proc/self/cgroup": "0::/\n", "/sys/fs/cgroup/cpu.max": "nan nan"],
    ])
    func `is unlimited where nothing sensible is said`(files: [String: String]) {
        #expect(quota(files) == nil)
    }

    @Test func `threads follow affinity and quota`() {
        func limits(_ processors: Int, _ quota: Double?) -> ProcessorLimits {
            ProcessorLimits(affinity: Array(0..<processors), quota: quota)
        }
        #expect(limits(8, nil).usableCount == 8)
        #expect(limits(8, 2.5).usableCount == 3)
        #expect(limits(8, 100).usableCount == 8)
        #expect(limits(8, 0.2).usableCount == 1)
        #expect(limits(8, nil).areCovered(by: 8))
        #expect(!limits(8, nil).areCovered(by: 7))
        #expect(!limits(8, 2.5).areCovered(by: 8))
        #expect(!limits(1, nil).areCovered(by: 1))
    }

    @Test func `this machine has processors`() {
        let limits = ProcessorLimits.current
        #expect(limits.usableCount >= 1)
        #expect(limits.usableCount <= limits.affinity.count)
    }
}
