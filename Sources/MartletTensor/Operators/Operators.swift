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
    var attentionItems: [AttentionWorkItem] = []

    /// Elements from which the memory-bound operators use the pool: about ten microseconds' work.
    static let parallelElementCount = 32_768

    /// - Parameter kernels: The instruction set to use; the process's choice unless a test says
    ///   otherwise.
    package init(pool: WorkerPool, kernels: KernelTable = .selected) {
        self.pool = pool
        self.kernels = kernels
    }

    /// Calls `body` for each row, on the pool when there is enough to do.
    func forEachRow(_ rows: Int, columns: Int, _ body: (_ row: Int) -> Void) {
        guard rows > 1, rows * columns >= Self.parallelElementCount else {
            for row in 0..<rows { body(row) }
            return
        }
        let perChunk = max(1, Self.parallelElementCount / 4 / max(columns, 1))
        pool.run(chunkCount: (rows + perChunk - 1) / perChunk) { chunk, _ in
            let first = chunk * perChunk
            for row in first..<min(first + perChunk, rows) { body(row) }
        }
    }
}
