import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Threads that share out the chunks of one job at a time.
///
/// Chunks are handed out one by one, so a thread that the system deschedules delays nobody but its
/// own chunk. Idle threads spin for some microseconds, then sleep. Any number of pools may exist.
package final class WorkerPool: Sendable {
    /// Threads that take part in a job, the calling one included.
    package let threadCount: Int

    private let state: WorkerPoolState
    private let threads: Mutex<[pthread_t]>

    /// - Parameter threadCount: nil takes what the process may use: its affinity mask and its
    ///   cgroup's processor quota. Where the system allows fewer threads than asked for,
    ///   `threadCount` says how many there are.
    package init(threadCount: Int? = nil) {
        let limits = ProcessorLimits.current
        let wanted = max(1, threadCount ?? limits.usableCount)
        let state = WorkerPoolState(
            processors: limits.areCovered(by: wanted) ? limits.affinity : [])
        var started: [pthread_t] = []
        for worker in 1..<max(wanted, 1) {
            guard let thread = WorkerSeat(state: state, worker: worker).start() else { break }
            started.append(thread)
        }
        self.state = state
        self.threadCount = started.count + 1
        threads = Mutex(started)
    }

    deinit {
        shutdown()
    }

    /// Calls `body` once for each chunk in `0..<chunkCount`, in any order and on any of the pool's
    /// threads, and returns when all calls have returned.
    ///
    /// One job runs at a time; a second caller waits for the first. `body` must not call `run` of
    /// the same pool. After `shutdown` the caller does all chunks itself.
    ///
    /// - Parameter body: Gets the chunk and the worker, `0..<threadCount`, that runs it; no two
    ///   calls with the same worker overlap within a job.
    package func run(chunkCount: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) {
        guard chunkCount > 1, threadCount > 1 else {
            for chunk in 0..<max(chunkCount, 0) { body(chunk, 0) }
            return
        }
        withoutActuallyEscaping(body) { state.run(chunkCount: chunkCount, $0) }
    }

    /// Ends the threads and waits for them. A job in progress is finished first. Idempotent.
    package func shutdown() {
        let ending = threads.withLock { threads in
            defer { threads = [] }
            return threads
        }
        guard !ending.isEmpty else { return }
        state.stop()
        for thread in ending { pthread_join(thread, nil) }
    }
}
