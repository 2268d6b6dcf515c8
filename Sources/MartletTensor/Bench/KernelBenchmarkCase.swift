/// One kernel at one shape, ready to be timed.
struct KernelBenchmarkCase {
    let name: String
    let dtype: String
    let rows: Int
    let columns: Int
    let depth: Int
    /// Arithmetic and memory traffic of one call of `run`.
    let operations: Double
    let bytes: Double
    /// Which arithmetic limit applies.
    let arithmetic: KernelBenchmarkReport.Limit
    let run: () -> Void

    /// A call's time beside the limits of the moment before it.
    struct Sample {
        /// What this call takes, in seconds.
        let seconds: Double
        /// Billions of operations a second.
        let arithmetic: Double
        /// Billions of bytes a second.
        let read: Double
    }

    /// The limit that takes longer, and the share of it that the samples reach.
    ///
    /// - Parameter samples: One at least.
    func result(_ samples: [Sample]) -> KernelBenchmarkReport.Kernel {
        let compute = samples.map { operations * 1e-9 / $0.arithmetic / $0.seconds }.sorted()
        let read = samples.map { bytes * 1e-9 / $0.read / $0.seconds }.sorted()
        let isRead = read.quantile(0.5) > compute.quantile(0.5)
        let shares = isRead ? read : compute
        let seconds = samples.map(\.seconds).sorted().quantile(0.5)
        return KernelBenchmarkReport.Kernel(
            name: name, dtype: dtype, rows: rows, columns: columns, depth: depth,
            fraction: shares.quantile(0.5), lowFraction: shares.quantile(0.25),
            highFraction: shares.quantile(0.75),
            rate: (isRead ? bytes : operations) * 1e-9 / seconds,
            limit: isRead ? .read : arithmetic)
    }
}

extension [Double] {
    /// The element of which `share` of the others are less, in a sorted array that is not empty.
    fileprivate func quantile(_ share: Double) -> Double {
        self[Int((Double(count - 1) * share).rounded())]
    }
}
