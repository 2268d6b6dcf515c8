import Foundation
import MartletEngine
import Testing

@Suite struct LoadReadingTests {
    private let start = ContinuousClock.now

    private func readings(
        _ files: KernelFilesFixture, then change: () throws -> Void
    ) rethrows -> (LoadReading, LoadReading) {
        let monitor = LoadMonitor(thresholds: LoadThresholds(), root: files.root)
        let first = monitor.reading(now: start)
        try change()
        return (first, monitor.reading(now: start + .seconds(1)))
    }

    @Test func `processor time is divided into ours and that of others`() throws {
        let files = try KernelFilesFixture()
        try files.setTicks(process: 100, others: 1000, idle: 5000)
        let (first, second) = try readings(files) {
            try files.setTicks(process: 150, others: 1030, idle: 5120)
        }
        #expect(first.processShare == nil)
        #expect(first.outsideShare == nil)
        #expect(second.processShare == 0.25)
        #expect(second.outsideShare == 0.15)
    }

    @Test func `counters that run backwards say nothing`() throws {
        let files = try KernelFilesFixture()
        try files.setTicks(process: 100, others: 1000, idle: 5000)
        let (_, second) = try readings(files) {
            try files.setTicks(process: 90, others: 900, idle: 400)
        }
        #expect(second.processShare == nil)
        #expect(second.outsideShare == nil)
    }

    @Test func `a missing or broken file says nothing`() throws {
        let empty = try KernelFilesFixture()
        #expect(readings(empty) {}.1 == LoadReading())
        let broken = try KernelFilesFixture([
            "/proc/stat": "cpu x y\n", "/proc/self/stat": "17 no", "/proc/meminfo": "MemTotal:",
            "/proc/pressure/cpu": "some avg60=1\nfull avg10=3", "/proc/self/cgroup": "::::\n0",
            "/proc/pressure/memory": "", "/sys/fs/cgroup/cpu.stat": "nr_periods\n",
        ])
        #expect(readings(broken) {}.1 == LoadReading())
    }

    @Test func `pressure is read of the machine and of the group`() throws {
        let line = "avg60=1.51 avg300=10.12 total=96185453"
        let files = try KernelFilesFixture([
            "/proc/pressure/cpu": "some avg10=12.50 \(line)\nfull avg10=99.00 \(line)\n",
            "/proc/pressure/memory": "some avg10=0.00 \(line)\nfull avg10=99.00 \(line)\n",
            "/proc/self/cgroup": "0::/a/b\n",
            "/sys/fs/cgroup/a/cpu.pressure": "some avg10=50.00 \(line)\n",
            "/sys/fs/cgroup/a/b/memory.pressure": "some avg10=25.00 \(line)\n",
        ])
        let reading = readings(files) {}.0
        #expect(reading.cpuPressure == 0.125)
        #expect(reading.memoryPressure == 0)
        #expect(reading.groupCPUPressure == 0.5)
        #expect(reading.groupMemoryPressure == 0.25)
    }

    @Test(arguments: [
        ("0::/\n", "/sys/fs/cgroup/cpu.stat"), ("0::/gone\n", "/sys/fs/cgroup/cpu.stat"),
        ("0::/a\n", "/sys/fs/cgroup/a/cpu.stat"),
        ("4:cpu,cpuacct:/a/b\n0::/\n", "/sys/fs/cgroup/cpu,cpuacct/a/cpu.stat"),
        ("4:cpuacct,cpu:/a/b\n", "/sys/fs/cgroup/cpu/a/b/cpu.stat"),
    ]) func `throttling is counted in the nearest group`(group: String, file: String) throws {
        let files = try KernelFilesFixture(["/proc/self/cgroup": group])
        try files.set(file, "usage_usec 1\nnr_periods 100\nnr_throttled 10\nnr_bursts 0\n")
        let (_, second) = try readings(files) {
            try files.set(file, "usage_usec 1\nnr_periods 140\nnr_throttled 20\nnr_bursts 0\n")
        }
        #expect(second.throttledShare == 0.25)
    }

    @Test func `memory is that of the machine without a group`() throws {
        let files = try KernelFilesFixture([
            "/proc/meminfo": "MemTotal:       4000 kB\nMemFree: 1 kB\nMemAvailable:   1000 kB\n"
        ])
        let reading = readings(files) {}.0
        #expect(reading.totalByteCount == 4000 * 1024)
        #expect(reading.availableByteCount == 1000 * 1024)
        #expect(reading.memoryUsage == 0.75)
    }

    @Test func `cached files of a group count as available`() throws {
        let files = try KernelFilesFixture([
            "/proc/meminfo": "MemTotal:  9000 kB\nMemAvailable: 8000 kB\n",
            "/proc/self/cgroup": "0::/a/b\n",
            "/sys/fs/cgroup/a/b/memory.max": "max\n",
            "/sys/fs/cgroup/a/b/memory.current": "5\n",
            "/sys/fs/cgroup/a/memory.max": "100000\n",
            "/sys/fs/cgroup/a/memory.current": "90000\n",
            "/sys/fs/cgroup/a/memory.stat":
                "anon 1\nfile 9\ninactive_file 20000\nactive_file 7000\n",
        ])
        let reading = readings(files) {}.0
        #expect(reading.totalByteCount == 100_000)
        #expect(reading.availableByteCount == 37_000)
    }

    @Test func `groups of version 1 count, if they have a limit`() throws {
        let folder = "/sys/fs/cgroup/memory/a"
        let files = try KernelFilesFixture([
            "/proc/meminfo": "MemTotal:  9000 kB\nMemAvailable: 8000 kB\n",
            "/proc/self/cgroup": "4:memory:/a\n",
            "\(folder)/memory.limit_in_bytes": "9223372036854771712\n",
            "\(folder)/memory.usage_in_bytes": "90000\n",
        ])
        #expect(readings(files) {}.0.totalByteCount == 9000 * 1024)
        try files.set("\(folder)/memory.limit_in_bytes", "100000\n")
        try files.set(
            "\(folder)/memory.stat",
            "inactive_file 1\ntotal_inactive_file 500\ntotal_active_file 1500\n")
        let reading = readings(files) {}.0
        #expect(reading.totalByteCount == 100_000)
        #expect(reading.availableByteCount == 12_000)
    }

    @Test func `this machine is read in little time`() {
        let monitor = LoadMonitor(thresholds: LoadThresholds())
        let duration = ContinuousClock().measure {
            for step in 0..<10 { _ = monitor.reading(now: start + .seconds(step)) }
        }
        #expect(duration < .seconds(1))
        #if os(Linux)
        #expect(monitor.reading(now: start + .seconds(60)).availableByteCount ?? 0 > 0)
        Thread.sleep(forTimeInterval: 0.05)
        #expect(monitor.reading(now: start + .seconds(90)).processShare != nil)
        #endif
    }
}
