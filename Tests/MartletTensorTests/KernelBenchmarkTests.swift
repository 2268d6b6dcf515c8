import MartletTensor
import Testing

@Suite struct KernelBenchmarkTests {
    @Test func `measures limits and kernels, and reports them as one line of JSON`() {
        let pool = WorkerPool(threadCount: 2)
        let lines = Lines()
        let report = runKernelBenchmark(
            pool: pool, secondsPerKernel: 0.01, only: "norm float32"
        ) { lines.list.append($0) }
        #expect(report.peak.fp32GigaflopsPerSecond > 0)
        #expect(report.peak.readGigabytesPerSecond > 0)
        #expect(report.kernels.map(\.rows) == [1, 100, 512])
        #expect(report.kernels.allSatisfy { $0.fraction > 0 && $0.lowFraction <= $0.fraction })
        #expect(lines.list.count == 3)
        let json = report.json
        #expect(json.hasPrefix("{\"isa\":\"\(report.instructionSet.rawValue)\""))
        #expect(json.contains(",\"peak\":{\"fp32_gflops\":"))
        #expect(json.contains("{\"name\":\"rms norm\",\"dtype\":\"f32\",\"rows\":100,"))
        #expect(!json.contains("\n"))
    }

    /// What the progress closure was told.
    final class Lines {
        var list: [String] = []
    }
}
