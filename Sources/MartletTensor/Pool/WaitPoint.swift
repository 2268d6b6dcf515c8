#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A mutex with a condition to sleep on.
///
/// `@unchecked Sendable`: the two pthread objects are made for use from many threads, and their
/// addresses never change.
final class WaitPoint: @unchecked Sendable {
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

    init() {
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    func lock() { pthread_mutex_lock(mutex) }

    func unlock() { pthread_mutex_unlock(mutex) }

    /// Sleeps until woken, for whatever reason, with the lock released meanwhile.
    func wait() { pthread_cond_wait(condition, mutex) }

    /// Wakes whoever sleeps. Taking the lock makes sure that nobody is between its last look at
    /// the shared state and its sleep.
    func wakeAll() {
        lock()
        pthread_cond_broadcast(condition)
        unlock()
    }

    /// Wakes one sleeper.
    func wakeOne() {
        lock()
        pthread_cond_signal(condition)
        unlock()
    }
}
