/// Measures the machine's limits and each kernel as a share of the one that bounds it.
///
/// Shapes are those of a 0.6-billion-parameter model of the Qwen3 family. Each sample of a kernel
/// follows a sample of the limits, and the best of each counts: on a machine with neighbours both
/// get the same chances of a quiet moment.
package struct KernelBenchmark {
    private let pool: WorkerPool
    private let operators: Operators
    private let secondsPerKernel: Double
    private let only: String?
    private let progress: (String) -> Void

    /// Outputs and inputs of the linear layers.
    private static let layers: [(outputs: Int, inputs: Int)] = [
        (4096, 1024), (1024, 2048), (6144, 1024), (1024, 3072), (151_936, 1024),
    ]
    private static let rowCounts = [1, 4, 16, 100, 512]
    private static let formats: [WeightFormat] = [
        .dense(.bfloat16), .dense(.float32), .dense(.float16), .int8,
        .int4(groupSize: 32, hasMinimum: false), .int4(groupSize: 32, hasMinimum: true),
        .int4(groupSize: 128, hasMinimum: false), .int4(groupSize: 128, hasMinimum: true),
    ]
    /// Sequences, new tokens of each, and tokens of context.
    private static let attentions = [
        (1, 1, 8192), (32, 1, 128), (32, 1, 512), (32, 1, 2048), (1, 128, 2048),
    ]

    /// - Parameters:
    ///   - secondsPerKernel: Time to spend on each kernel and shape.
    ///   - only: Measures the cases whose "name dtype rows" contains this; nil for all.
    package init(
        pool: WorkerPool, kernels: KernelTable = .selected, secondsPerKernel: Double = 0.3,
        only: String? = nil, progress: @escaping (String) -> Void
    ) {
        self.pool = pool
        operators = Operators(pool: pool, kernels: kernels)
        self.secondsPerKernel = secondsPerKernel
        self.only = only
        self.progress = progress
    }

    package func run() -> KernelBenchmarkReport {
        var peak = MachinePeak(pool: pool)
        for _ in 0...min(20, Int(secondsPerKernel * 60)) { peak.sampleAll() }
        var timings: [(KernelBenchmarkCase, Double)] = []
        let factory = KernelBenchmarkFactory(operators: operators)
        for make in cases(factory) {
            let item = make()
            let seconds = measure(item, &peak)
            timings.append((item.withoutWork, seconds))
            let result = item.result(seconds: seconds, peak: peak.best)
            progress(describe(result, item, seconds))
        }
        return KernelBenchmarkReport(
            instructionSet: operators.kernels.instructionSet, threadCount: pool.threadCount,
            peak: peak.best,
            kernels: timings.map { $0.0.result(seconds: $0.1, peak: peak.best) })
    }

    /// Closures, so that each case's memory is there only while it is measured.
    private func cases(_ factory: KernelBenchmarkFactory) -> [() -> KernelBenchmarkCase] {
        var list: [(label: String, make: () -> KernelBenchmarkCase)] = []
        for format in Self.formats {
            for (outputs, inputs) in Self.layers {
                for rows in Self.rowCounts where rows <= 16 || outputs < 100_000 {
                    list.append(
                        (
                            "matmul \(format.label) \(rows)",
                            {
                                factory.matmul(
                                    rows: rows, outputs: outputs, inputs: inputs, format: format)
                            }
                        ))
                }
            }
        }
        for dtype in [DType.bfloat16, .float32, .int8] {
            for (sequences, rows, context) in Self.attentions {
                list.append(
                    (
                        "attention \(dtype) \(rows)",
                        {
                            factory.attention(
                                sequences: sequences, rows: rows, context: context, dtype)
                        }
                    ))
            }
        }
        for rows in [1, 100, 512] {
            list.append(("norm float32 \(rows)", { factory.rmsNorm(rows: rows) }))
            list.append(("gate float32 \(rows)", { factory.gate(rows: rows) }))
        }
        for format in Self.formats {
            list.append(
                (
                    "pack \(format.label) 1",
                    { factory.pack(outputs: 6144, inputs: 1024, format: format) }
                ))
        }
        return list.filter { only.map($0.label.contains) ?? true }.map(\.make)
    }

    private func measure(_ item: KernelBenchmarkCase, _ peak: inout MachinePeak) -> Double {
        item.run()
        let deadline = Stopwatch.now + secondsPerKernel
        var best = Double.infinity
        repeat {
            for limit in [item.arithmetic, .read] {
                peak.sample(limit)
                Stopwatch.nap()
                best = min(best, Stopwatch.seconds(item.run))
            }
        } while Stopwatch.now < deadline
        return best
    }

    private func describe(
        _ result: KernelBenchmarkReport.Kernel, _ item: KernelBenchmarkCase, _ seconds: Double
    ) -> String {
        let percent = Int((result.fraction * 100).rounded())
        let rate = result.limit == .read ? item.bytes : item.operations
        let unit = result.limit == .read ? "GB/s" : "GFLOP/s"
        return "\(result.name) \(result.dtype) \(result.rows) x \(result.columns) x \(result.depth)"
            + ": \(Int((rate / seconds * 1e-9).rounded())) \(unit), \(percent) % of"
            + " \(result.limit.rawValue)"
    }
}

/// Measures the kernels that `pool` and this process would use.
///
/// - Parameters:
///   - secondsPerKernel: Time to spend on each kernel and shape; there are about eighty.
///   - only: Measures the cases whose "name dtype rows" contains this; nil for all.
///   - progress: Gets one line per kernel as it is measured.
package func runKernelBenchmark(
    pool: WorkerPool, kernels: KernelTable = .selected, secondsPerKernel: Double = 0.3,
    only: String? = nil, progress: @escaping (String) -> Void
) -> KernelBenchmarkReport {
    KernelBenchmark(
        pool: pool, kernels: kernels, secondsPerKernel: secondsPerKernel, only: only,
        progress: progress
    ).run()
}
