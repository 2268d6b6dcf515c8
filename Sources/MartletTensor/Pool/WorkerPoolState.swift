import CMartletKernels
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What the callers and the threads of one `WorkerPool` share.
///
/// `@unchecked Sendable`: `job` and `chunkCount` are written by the one current caller while
/// `unclaimed` and `unfinished` are zero, and read only by a thread that has claimed a chunk.
final class WorkerPoolState: @unchecked Sendable {
    /// How long to look for work, or for the end of it, before sleeping. The kernels of a forward
    /// pass follow each other within microseconds; a wake-up through the kernel takes longer.
    private static let spinNanoseconds: UInt64 = 20_000

    private let unclaimed = Atomic<Int>(0)
    private let unfinished = Atomic<Int>(0)
    private let sleepers = Atomic<Int>(0)
    private let callerSleeps = Atomic<Bool>(false)
    private let stopping = Atomic<Bool>(false)
    /// The raw value of how far the threads step back; zero for not at all.
    private let background = Atomic<Int>(0)
    private let work = WaitPoint()
    private let completion = WaitPoint()
    private let callers = WaitPoint()
    private var job: LentJob?
    private var chunkCount = 0
    /// One processor per thread, the caller's included, for threads to keep to; empty to let the
    /// system place them.
    private let processors: [Int]
    private let callerProcessor = Atomic<Int>(-1)

    init(processors: [Int]) {
        self.processors = processors
    }

    /// Runs one job to its end, the caller being worker 0.
    func run(chunkCount: Int, _ job: LentJob) {
        callers.lock()
        defer { callers.unlock() }
        self.job = job
        self.chunkCount = chunkCount
        if !processors.isEmpty {
            callerProcessor.store(Int(martlet_thread_processor()), ordering: .relaxed)
        }
        unfinished.store(chunkCount, ordering: .relaxed)
        unclaimed.store(chunkCount, ordering: .sequentiallyConsistent)
        switch sleepers.load(ordering: .sequentiallyConsistent) {
        case 0: break
        case _ where chunkCount == 2: work.wakeOne()
        default: work.wakeAll()
        }
        runChunks(worker: 0)
        waitForCompletion()
        self.job = nil
    }

    /// The life of one pool thread.
    func serve(worker: Int) {
        var processor = -1
        var hasLowPriority = false
        while waitForWork() {
            if !hasLowPriority,
                let background = ThreadPriority.Background(
                    rawValue: background.load(ordering: .relaxed))
            {
                ThreadPriority.lowerForCurrentThread(to: background)
                hasLowPriority = true
            }
            move(worker: worker, from: &processor)
            runChunks(worker: worker)
        }
    }

    /// Worker i keeps to processor i, unless the caller is there: then processor 0 is free. Left to
    /// itself, a busy system wakes threads on the processor of the one that wakes them, where they
    /// take turns instead of working side by side.
    private func move(worker: Int, from processor: inout Int) {
        guard worker < processors.count else { return }
        let caller = callerProcessor.load(ordering: .relaxed)
        let wanted = processors[worker] == caller ? processors[0] : processors[worker]
        guard wanted != processor else { return }
        martlet_thread_pin(Int32(wanted))
        processor = wanted
    }

    /// Lets each thread lower its priority before its next chunk.
    func lowerPriority(to background: ThreadPriority.Background) {
        self.background.store(background.rawValue, ordering: .relaxed)
    }

    /// Lets all threads leave `serve` once they have nothing left to do.
    func stop() {
        stopping.store(true, ordering: .sequentiallyConsistent)
        work.wakeAll()
    }

    private func runChunks(worker: Int) {
        var finished = 0
        while let remaining = claim() {
            job?.run(chunk: chunkCount - remaining, worker: worker)
            finished += 1
        }
        guard finished > 0 else { return }
        let left = unfinished.subtract(finished, ordering: .sequentiallyConsistent).newValue
        if left == 0, worker != 0, callerSleeps.load(ordering: .sequentiallyConsistent) {
            completion.wakeAll()
        }
    }

    /// Takes one chunk, returning how many were left with it. Holding a claim keeps the job alive:
    /// its caller waits for the chunk, so a thread that wakes late finds either the current job or
    /// none.
    private func claim() -> Int? {
        var current = unclaimed.load(ordering: .relaxed)
        while current > 0 {
            let (exchanged, original) = unclaimed.weakCompareExchange(
                expected: current, desired: current - 1, ordering: .acquiringAndReleasing)
            if exchanged { return current }
            current = original
        }
        return nil
    }

    private func waitForCompletion() {
        if spin(until: { unfinished.load(ordering: .acquiring) == 0 }) { return }
        completion.lock()
        callerSleeps.store(true, ordering: .sequentiallyConsistent)
        while unfinished.load(ordering: .sequentiallyConsistent) != 0 { completion.wait() }
        callerSleeps.store(false, ordering: .relaxed)
        completion.unlock()
    }

    /// False when the pool stops.
    private func waitForWork() -> Bool {
        if spin(until: { unclaimed.load(ordering: .relaxed) > 0 }) { return true }
        work.lock()
        defer { work.unlock() }
        sleepers.add(1, ordering: .sequentiallyConsistent)
        defer { sleepers.subtract(1, ordering: .sequentiallyConsistent) }
        while unclaimed.load(ordering: .sequentiallyConsistent) == 0 {
            if stopping.load(ordering: .sequentiallyConsistent) { return false }
            work.wait()
        }
        return true
    }

    private func spin(until condition: () -> Bool) -> Bool {
        let deadline = now() + Self.spinNanoseconds
        repeat {
            for _ in 0..<16 {
                if condition() { return true }
                martlet_spin_hint()
            }
        } while now() < deadline
        return condition()
    }

    private func now() -> UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
