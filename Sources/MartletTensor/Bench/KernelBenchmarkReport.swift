/// What `runKernelBenchmark` measured.
package struct KernelBenchmarkReport: Sendable {
    /// The machine's own limits, all threads of the pool together, measured in the same run.
    package struct Peak: Sendable {
        package var fp32GigaflopsPerSecond: Double
        /// 0 where the processor has no bf16 dot product.
        package var bf16GigaflopsPerSecond: Double
        /// 0 where the processor has no int8 dot product.
        package var int8GigaopsPerSecond: Double
        package var readGigabytesPerSecond: Double
    }

    /// Which of the limits bounds a kernel.
    package enum Limit: String, Sendable {
        case fp32 = "fp32_gflops"
        case bf16 = "bf16_gflops"
        case int8 = "int8_gops"
        case read = "read_gbps"
    }

    /// One kernel at one shape.
    package struct Kernel: Sendable {
        package var name: String
        package var dtype: String
        package var rows: Int
        package var columns: Int
        package var depth: Int
        /// Share of the limit that was reached: the median of all samples, each beside what the
        /// machine gave just before it.
        package var fraction: Double
        /// The quartiles around it.
        package var lowFraction: Double
        package var highFraction: Double
        /// Billions of bytes or operations a second, as the limit counts.
        package var rate: Double
        package var limit: Limit
    }

    package var instructionSet: InstructionSet
    package var threadCount: Int
    package var peak: Peak
    package var kernels: [Kernel]

    /// One line of JSON.
    package var json: String {
        let list = kernels.map(\.json).joined(separator: ",")
        return "{\"isa\":\"\(instructionSet.rawValue)\",\"threads\":\(threadCount),"
            + "\"peak\":\(peak.json),\"kernels\":[\(list)]}"
    }
}

extension KernelBenchmarkReport.Limit {
    fileprivate var path: WritableKeyPath<KernelBenchmarkReport.Peak, Double> {
        switch self {
        case .fp32: \.fp32GigaflopsPerSecond
        case .bf16: \.bf16GigaflopsPerSecond
        case .int8: \.int8GigaopsPerSecond
        case .read: \.readGigabytesPerSecond
        }
    }
}

extension KernelBenchmarkReport.Peak {
    subscript(limit: KernelBenchmarkReport.Limit) -> Double {
        get { self[keyPath: limit.path] }
        set { self[keyPath: limit.path] = newValue }
    }

    var json: String {
        "{\"fp32_gflops\":\(decimal(fp32GigaflopsPerSecond))"
            + ",\"bf16_gflops\":\(decimal(bf16GigaflopsPerSecond))"
            + ",\"int8_gops\":\(decimal(int8GigaopsPerSecond))"
            + ",\"read_gbps\":\(decimal(readGigabytesPerSecond))}"
    }
}

extension KernelBenchmarkReport.Kernel {
    var json: String {
        "{\"name\":\"\(name)\",\"dtype\":\"\(dtype)\",\"rows\":\(rows),\"columns\":\(columns)"
            + ",\"depth\":\(depth),\"fraction\":\(decimal(fraction))"
            + ",\"low\":\(decimal(lowFraction)),\"high\":\(decimal(highFraction))"
            + ",\"rate\":\(decimal(rate)),\"of\":\"\(limit.rawValue)\"}"
    }
}

/// Three decimals, as a JSON number.
private func decimal(_ value: Double) -> String {
    guard value.isFinite, abs(value) < 1e12 else { return "0" }
    let thousandths = Int((value * 1000).rounded())
    let fraction = String(abs(thousandths % 1000))
    let padding = String(repeating: "0", count: 3 - fraction.count)
    return "\(thousandths < 0 ? "-" : "")\(abs(thousandths / 1000)).\(padding)\(fraction)"
}
