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
    /// Read per sample: some milliseconds, as the kernels' samples are.
    private static let windowBytes = 64 << 20
    private static let readChunkBytes = 512 << 10
    /// Per chunk, about a third of a millisecond: shorter ones end before the clock has settled.
    private static let rounds = 200_000
    private static let chunksPerThread = 6
    private var nextWindow = 0

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
    mutating func sampleAll() {
        sample(.fp32)
        sample(.bf16)
        sample(.int8)
        sample(.read)
    }

    /// Takes one sample of one limit.
    ///
    /// - Returns: Billions of operations or bytes a second.
    @discardableResult
    mutating func sample(_ limit: KernelBenchmarkReport.Limit) -> Double {
        Stopwatch.nap()
        let rate =
            switch limit {
            case .fp32: arithmetic(MARTLET_PEAK_F32)
            case .bf16: arithmetic(MARTLET_PEAK_BF16)
            case .int8: arithmetic(MARTLET_PEAK_INT8)
            case .read: read()
            }
        best[limit] = max(best[limit], rate)
        return rate
    }

    private func arithmetic(_ peak: martlet_peak) -> Double {
        let rounds = Self.rounds
        let chunks = pool.threadCount * Self.chunksPerThread
        let sinks = sinks.pointer
        var probe: Float = 0
        let perChunk = martlet_peak_run(peak, rounds, &probe)
        guard perChunk > 0 else { return 0 }
        let seconds = Stopwatch.seconds {
            pool.run(chunkCount: chunks) { _, worker in
                let sink = (sinks + worker * 64).assumingMemoryBound(to: Float.self)
                _ = martlet_peak_run(peak, rounds, sink)
            }
        }
        return perChunk * Double(chunks) / seconds * 1e-9
    }

    private mutating func read() -> Double {
        let window = buffer.pointer + nextWindow
        let sinks = sinks.pointer
        let bytes = Self.readChunkBytes
        nextWindow = (nextWindow + Self.windowBytes) % Self.bufferBytes
        let seconds = Stopwatch.seconds {
            pool.run(chunkCount: Self.windowBytes / bytes) { chunk, worker in
                let sink = (sinks + worker * 64).assumingMemoryBound(to: UInt64.self)
                sink.pointee &+= martlet_read_once(window + chunk * bytes, bytes)
            }
        }
        return Double(Self.windowBytes) / seconds * 1e-9
    }
}
