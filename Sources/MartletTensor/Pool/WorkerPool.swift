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
    /// The threads, and what they share with the callers.
    private struct Crew {
        let state: WorkerPoolState
        var threads: [pthread_t] = []

        init(threadCount: Int) {
            let limits = ProcessorLimits.current
            state = WorkerPoolState(
                processors: limits.areCovered(by: threadCount) ? limits.affinity : [])
            for worker in 1..<max(threadCount, 1) {
                guard let thread = WorkerSeat(state: state, worker: worker).start() else { break }
                threads.append(thread)
            }
        }
    }

    /// Threads that take part in a job, the calling one included.
    package let threadCount: Int

    private let crew: Mutex<Crew>

    /// - Parameter threadCount: nil takes what the process may use: its affinity mask and its
    ///   cgroup's processor quota. Where the system allows fewer threads than asked for,
    ///   `threadCount` says how many there are.
    package init(threadCount: Int? = nil) {
        let wanted = max(1, threadCount ?? ProcessorLimits.current.usableCount)
        let crew = Crew(threadCount: wanted)
        self.threadCount = crew.threads.count + 1
        self.crew = Mutex(crew)
    }

    deinit {
        shutdown()
    }

    /// Runs each chunk in `0..<chunkCount` of `job` once, in any order and on any of the pool's
    /// threads, workers `0..<threadCount`, and returns when all are done. Allocates nothing.
    ///
    /// One job runs at a time; a second caller waits for the first. A job must not call `run` of
    /// the same pool. After `shutdown` the caller does all chunks itself.
    package func run(chunkCount: Int, _ job: some PoolJob) {
        guard chunkCount > 1, threadCount > 1 else {
            for chunk in 0..<max(chunkCount, 0) { job.run(chunk: chunk, worker: 0) }
            return
        }
        let state = crew.withLock { $0.state }
        withUnsafePointer(to: job) { state.run(chunkCount: chunkCount, LentJob($0)) }
    }

    /// As the above, for work that is not done in every step: hands over a closure, which is
    /// allocated.
    ///
    /// - Parameter body: Gets the chunk and the worker that runs it; no two calls with the same
    ///   worker overlap within a job.
    package func run(chunkCount: Int, _ body: (_ chunk: Int, _ worker: Int) -> Void) {
        withoutActuallyEscaping(body) { run(chunkCount: chunkCount, ClosureJob(body: $0)) }
    }

    /// Lets everybody else have the processors first from now on, and for good: the system does
    /// not let every process raise a priority again. The calling thread is not concerned.
    package func lowerPriority(to background: ThreadPriority.Background) {
        crew.withLock(\.state).lowerPriority(to: background)
    }

    /// Starts new threads for the jobs to come, where a job hangs. Its threads are left to it:
    /// they end when it does. A caller that waits for the hanging job's end goes on waiting.
    package func replaceThreads() {
        let old = crew.withLock { crew in
            // A pool that is shut down has no threads to replace.
            guard !crew.threads.isEmpty else { return nil as Crew? }
            defer { crew = Crew(threadCount: threadCount) }
            return crew
        }
        guard let old else { return }
        old.state.stop()
        for thread in old.threads { pthread_detach(thread) }
    }

    /// Ends the threads and waits for them. A job in progress is finished first. Idempotent.
    package func shutdown() {
        let ending = crew.withLock { crew in
            defer { crew.threads = [] }
            return crew
        }
        guard !ending.threads.isEmpty else { return }
        ending.state.stop()
        for thread in ending.threads { pthread_join(thread, nil) }
    }
}
