import CMartletKernels

/// Measures the machine's limits with the threads of a pool.
///
/// Work is handed out in small chunks, as the kernels' is, so that a thread which the system takes
/// away costs both alike.
struct MachinePeak {
    private let pool: WorkerPool
    private let buffer: TensorMemory
    private let sinks: TensorMemory
    private(set) var best = KernelBenchmarkReport.Peak(
        fp32GigaflopsPerSecond: 0, bf16GigaflopsPerSecond: 0, int8GigaopsPerSecond: 0,
        readGigabytesPerSecond: 0)

    /// Far beyond any cache.
    private static let bufferBytes = 512 << 20
    private static let readChunkBytes = 1 << 20
    private static let rounds = 20_000
    private static let chunksPerThread = 32

    init(pool: WorkerPool) {
        self.pool = pool
        buffer = TensorMemory(byteCount: Self.bufferBytes)
        sinks = TensorMemory(byteCount: pool.threadCount * 64)
        let buffer = buffer
        pool.run(chunkCount: Self.bufferBytes / Self.readChunkBytes) { chunk, _ in
            (buffer.pointer + chunk * Self.readChunkBytes).initializeMemory(
                as: UInt8.self, repeating: 1, count: Self.readChunkBytes)
        }
    }

    /// Takes one sample of every limit and keeps the best ever seen.
    mutating func sample() {
        best.fp32GigaflopsPerSecond = max(
            best.fp32GigaflopsPerSecond, arithmetic(MARTLET_PEAK_F32))
        best.bf16GigaflopsPerSecond = max(
            best.bf16GigaflopsPerSecond, arithmetic(MARTLET_PEAK_BF16))
        best.int8GigaopsPerSecond = max(
            best.int8GigaopsPerSecond, arithmetic(MARTLET_PEAK_INT8))
        best.readGigabytesPerSecond = max(best.readGigabytesPerSecond, read())
    }

    private func arithmetic(_ peak: martlet_peak) -> Double {
        let chunks = pool.threadCount * Self.chunksPerThread
        let sinks = sinks.pointer
        var probe: Float = 0
        let perChunk = martlet_peak_run(peak, Self.rounds, &probe)
        guard perChunk > 0 else { return 0 }
        let seconds = Stopwatch.seconds {
            pool.run(chunkCount: chunks) { _, worker in
                let sink = (sinks + worker * 64).assumingMemoryBound(to: Float.self)
                _ = martlet_peak_run(peak, Self.rounds, sink)
            }
        }
        return perChunk * Double(chunks) / seconds * 1e-9
    }

    private func read() -> Double {
        let buffer = buffer.pointer
        let sinks = sinks.pointer
        let seconds = Stopwatch.seconds {
            pool.run(chunkCount: Self.bufferBytes / Self.readChunkBytes) { chunk, worker in
                let sink = (sinks + worker * 64).assumingMemoryBound(to: UInt64.self)
                sink.pointee &+= martlet_read_once(
                    buffer + chunk * Self.readChunkBytes, Self.readChunkBytes)
            }
        }
        return Double(Self.bufferBytes) / seconds * 1e-9
    }
}
