/// Measures the machine's limits and each kernel as a share of the one that bounds it.
///
/// Each sample of a kernel follows a sample of the limits, and the median of their ratios counts:
/// what neighbours on the machine take, they take from both.
package struct KernelBenchmark {
    private let pool: WorkerPool
    private let operators: Operators
    private let secondsPerKernel: Double
    private let shapes: KernelShapes
    private let only: String?
    private let progress: (String) -> Void

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
    ///   - shapes: Whose linear layers to measure.
    ///   - only: Measures the cases whose "name dtype rows" contains this; nil for all.
    package init(
        pool: WorkerPool, kernels: KernelTable = .selected, secondsPerKernel: Double = 0.3,
        shapes: KernelShapes = .qwen3, only: String? = nil, progress: @escaping (String) -> Void
    ) {
        self.pool = pool
        operators = Operators(pool: pool, kernels: kernels)
        self.secondsPerKernel = secondsPerKernel
        self.shapes = shapes
        self.only = only
        self.progress = progress
    }

    package func run() -> KernelBenchmarkReport {
        var peak = MachinePeak(pool: pool)
        for _ in 0...min(20, Int(secondsPerKernel * 60)) { peak.sampleAll() }
        let factory = KernelBenchmarkFactory(operators: operators)
        let kernels = cases(factory).map { make in
            let result = measure(make(), &peak)
            progress(describe(result))
            return result
        }
        return KernelBenchmarkReport(
            instructionSet: operators.kernels.instructionSet, threadCount: pool.threadCount,
            peak: peak.best, kernels: kernels)
    }

    /// Closures, so that each case's memory is there only while it is measured.
    private func cases(_ factory: KernelBenchmarkFactory) -> [() -> KernelBenchmarkCase] {
        var list: [(label: String, make: () -> KernelBenchmarkCase)] = []
        for format in Self.formats {
            for (outputs, inputs) in shapes.layers {
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

    private func measure(
        _ item: KernelBenchmarkCase, _ peak: inout MachinePeak
    ) -> KernelBenchmarkReport.Kernel {
        item.run()
        let deadline = Stopwatch.now + secondsPerKernel
        var samples: [KernelBenchmarkCase.Sample] = []
        repeat {
            let arithmetic = peak.sample(item.arithmetic)
            let read = peak.sample(.read)
            Stopwatch.nap()
            samples.append(
                KernelBenchmarkCase.Sample(
                    seconds: Stopwatch.seconds(item.run), arithmetic: arithmetic, read: read))
        } while Stopwatch.now < deadline
        return item.result(samples)
    }

    private func describe(_ result: KernelBenchmarkReport.Kernel) -> String {
        func percent(_ share: Double) -> String { "\(Int((share * 100).rounded()))" }
        let unit = result.limit == .read ? "GB/s" : "GFLOP/s"
        return "\(result.name) \(result.dtype) \(result.rows) x \(result.columns) x \(result.depth)"
            + ": \(Int(result.rate.rounded())) \(unit), \(percent(result.fraction)) % of"
            + " \(result.limit.rawValue)"
            + " (\(percent(result.lowFraction)) to \(percent(result.highFraction)))"
    }
}

/// Measures the kernels that `pool` and this process would use.
///
/// - Parameters:
///   - secondsPerKernel: Time to spend on each kernel and shape; there are about two hundred.
///   - shapes: Whose linear layers to measure.
///   - only: Measures the cases whose "name dtype rows" contains this; nil for all.
///   - progress: Gets one line per kernel as it is measured.
package func runKernelBenchmark(
    pool: WorkerPool, kernels: KernelTable = .selected, secondsPerKernel: Double = 0.3,
    shapes: KernelShapes = .qwen3, only: String? = nil, progress: @escaping (String) -> Void
) -> KernelBenchmarkReport {
    KernelBenchmark(
        pool: pool, kernels: kernels, secondsPerKernel: secondsPerKernel, shapes: shapes,
        only: only, progress: progress
    ).run()
}
