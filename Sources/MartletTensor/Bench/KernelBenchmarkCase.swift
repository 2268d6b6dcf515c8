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

    /// The limit that takes longer, and its share that `seconds` per call reach.
    func result(seconds: Double, peak: KernelBenchmarkReport.Peak) -> KernelBenchmarkReport.Kernel {
        let compute = operations * 1e-9 / peak[arithmetic]
        let read = bytes * 1e-9 / peak[.read]
        let limit = read > compute ? .read : arithmetic
        return KernelBenchmarkReport.Kernel(
            name: name, dtype: dtype, rows: rows, columns: columns, depth: depth,
            fraction: max(read, compute) / seconds, limit: limit)
    }
}
