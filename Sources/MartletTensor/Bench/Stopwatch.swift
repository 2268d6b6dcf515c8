#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Monotonic time.
enum Stopwatch {
    static var now: Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Sleeps a millisecond before a sample: on a busy machine a thread that has just slept is let
    /// run undisturbed for a while, one that has computed for long is not.
    static func nap() {
        var time = timespec(tv_sec: 0, tv_nsec: 1_000_000)
        nanosleep(&time, nil)
    }

    static func seconds(_ body: () -> Void) -> Double {
        let start = now
        body()
        return max(now - start, 1e-9)
    }
}
