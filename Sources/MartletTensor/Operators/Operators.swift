import CMartletKernels

/// The operators of a forward pass on the pool's threads.
///
/// All are deterministic and row-invariant: a row's result depends on that row only, bit for bit.
/// Shapes that do not fit are programmer errors and trap. Owned by one engine thread; it holds the
/// scratch memory that its calls share.
package final class Operators {
    package let pool: WorkerPool
    package let kernels: KernelTable
    var activationScratch = ScratchBuffer()
    var attentionScratch = ScratchBuffer()
    var partialScratch = ScratchBuffer()
    /// The items of an attention call, the parts that they are taken apart into where they are, and
    /// those whose parts have to be merged.
    var attentionItems: [AttentionWorkItem] = []
    var attentionParts: [AttentionWorkItem] = []
    var mergedItems: [AttentionWorkItem] = []

    /// Elements from which the memory-bound operators use the pool: about ten microseconds' work.
    static let parallelElementCount = 32_768

    /// - Parameter kernels: The instruction set to use; the process's choice unless a test says
    ///   otherwise.
    package init(pool: WorkerPool, kernels: KernelTable = .selected) {
        self.pool = pool
        self.kernels = kernels
    }

    /// Does each row, on the pool when there is enough to do.
    func forEachRow(_ rows: Int, columns: Int, _ operation: some RowOperation) {
        guard rows > 1, rows * columns >= Self.parallelElementCount else {
            for row in 0..<rows { operation.apply(to: row) }
            return
        }
        let rowsPerChunk = max(1, Self.parallelElementCount / 4 / max(columns, 1))
        pool.run(
            chunkCount: (rows + rowsPerChunk - 1) / rowsPerChunk,
            RowJob(operation: operation, rowCount: rows, rowsPerChunk: rowsPerChunk))
    }
}

/// What an operator does to each row by itself. It holds what it reads and writes.
protocol RowOperation {
    func apply(to row: Int)
}

/// A row operation on many rows.
private struct RowJob<Operation: RowOperation>: PoolJob {
    let operation: Operation
    let rowCount: Int
    let rowsPerChunk: Int

    func run(chunk: Int, worker: Int) {
        let first = chunk * rowsPerChunk
        for row in first..<min(first + rowsPerChunk, rowCount) { operation.apply(to: row) }
    }
}
