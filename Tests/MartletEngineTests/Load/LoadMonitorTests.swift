import Dispatch
import MartletEngine
import NIOConcurrencyHelpers
import Testing

@Suite struct LoadMonitorTests {
    private let start = ContinuousClock.now

    @Test func `a reading is kept for a quarter of a second`() throws {
        let files = try KernelFilesFixture([
            "/proc/meminfo": "MemTotal: 9000 kB\nMemAvailable: 8000 kB\n"
        ])
        let monitor = LoadMonitor(
            thresholds: LoadThresholds(minimumAvailableByteCount: 1 << 10), root: files.root)
        #expect(monitor.refusal(now: start) == nil)
        try files.set("/proc/meminfo", "MemTotal: 9000 kB\nMemAvailable: 0 kB\n")
        #expect(monitor.refusal(now: start + .milliseconds(249)) == nil)
        #expect(
            monitor.refusal(now: start + .milliseconds(250))
                == .availableMemory(byteCount: 0, minimum: 1 << 10))
    }

    @Test func `nobody waits for another's reading`() throws {
        let entered = DispatchSemaphore(value: 0)
        let mayLeave = DispatchSemaphore(value: 0)
        let monitor = LoadMonitor(thresholds: LoadThresholds(gpu: 0.5)) {
            entered.signal()
            mayLeave.wait()
            return 0.75
        }
        let done = DispatchSemaphore(value: 0)
        let first = NIOLockedValueBox<LoadRefusal?>(nil)
        DispatchQueue.global().async {
            let refusal = monitor.refusal()
            first.withLockedValue { $0 = refusal }
            done.signal()
        }
        entered.wait()
        #expect(monitor.refusal() == nil)
        mayLeave.signal()
        done.wait()
        #expect(first.withLockedValue { $0 } == .gpu(share: 0.75, threshold: 0.5))
    }

    @Test func `without thresholds nothing is read`() {
        let monitor = LoadMonitor(
            thresholds: LoadThresholds(minimumAvailableByteCount: nil),
            gpuProbe: {
                Issue.record("read")
                return nil
            })
        #expect(monitor.refusal() == nil)
    }
}
