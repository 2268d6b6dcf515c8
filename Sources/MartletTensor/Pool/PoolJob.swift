/// Work in chunks, which a `WorkerPool` does in any order and on any of its threads.
///
/// What runs many times a step is a type of its own in place of a closure: the pool's threads find
/// it where it lies, on its caller's stack, while a closure that other threads call has to be
/// allocated.
///
/// Chunks run at the same time: what a job holds may be read by all, and written only where no other
/// chunk reads or writes. The compiler does not see that.
package protocol PoolJob {
    /// Does one chunk.
    ///
    /// - Parameter worker: Who does it; no two calls with the same worker overlap within a job.
    func run(chunk: Int, worker: Int)
}

/// A job where its caller keeps it; valid until the caller has it back.
struct LentJob {
    private let address: UnsafeRawPointer
    private let type: any PoolJob.Type

    init<Job: PoolJob>(_ job: UnsafePointer<Job>) {
        address = UnsafeRawPointer(job)
        type = Job.self
    }

    /// Not inlined, so that references that a copy of the job holds are dropped before its chunk
    /// counts as done.
    @inline(never)
    func run(chunk: Int, worker: Int) {
        type.run(at: address, chunk: chunk, worker: worker)
    }
}

extension PoolJob {
    /// Does one chunk of the job at `address`, which is of this type.
    fileprivate static func run(at address: UnsafeRawPointer, chunk: Int, worker: Int) {
        address.assumingMemoryBound(to: Self.self).pointee.run(chunk: chunk, worker: worker)
    }
}

/// Calls a closure for each chunk.
struct ClosureJob: PoolJob {
    let body: (_ chunk: Int, _ worker: Int) -> Void

    func run(chunk: Int, worker: Int) { body(chunk, worker) }
}
