import NIOConcurrencyHelpers

/// Runs work on a thread that ends with it, while the caller waits.
///
/// A thread that lowers its priority for a load may not be allowed to raise it again, so it must
/// not be the one that serves afterwards.
enum LoadingThread {
    /// What the thread hands to the one that waits for it.
    ///
    /// `@unchecked Sendable`: written before the condition is set and read after.
    private final class Outcome<Value>: @unchecked Sendable {
        var result: Result<Value, any Error>?
        let isDone = ConditionLock(value: false)
    }

    /// Returns what `body` returns; blocks the calling thread until then.
    ///
    /// - Throws: What `body` throws; ``EngineError`` when the system gives no thread.
    static func run<Value>(_ body: @escaping @Sendable () throws -> Value) throws -> Value {
        let outcome = Outcome<Value>()
        try EngineThread.start {
            let result = Result { try body() }
            outcome.isDone.lock()
            outcome.result = result
            outcome.isDone.unlock(withValue: true)
        }
        outcome.isDone.lock(whenValue: true)
        defer { outcome.isDone.unlock() }
        guard let result = outcome.result else {
            throw EngineError(.loadingFailed, "The loading thread ended without a result.")
        }
        // Nobody else keeps what has been loaded.
        outcome.result = nil
        return try result.get()
    }
}
