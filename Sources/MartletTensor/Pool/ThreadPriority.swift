#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Priorities of single threads, for work that must not get into anybody's way.
package enum ThreadPriority {
    /// How far background work steps back.
    package enum Background: Int, Sendable {
        /// It keeps a tenth of the processors against everybody, and makes others wait for the
        /// slices of some milliseconds that it gets.
        case niced = 1
        /// It runs where nobody else wants to, and is put aside as soon as somebody does. Where
        /// the machine is never idle it does not run at all.
        case idle
    }

    /// The nice value of background work, for systems that refuse it a policy of its own: against
    /// a thread of normal priority it has weight 110 of 1024.
    ///
    /// - Source: `sched_prio_to_weight` in Linux 6, `kernel/sched/core.c`.
    package static let backgroundNiceness: Int32 = 10

    #if !canImport(Darwin)
    /// PRIO_PROCESS, whose Swift type differs between C libraries.
    private static let process: Int32 = 0
    /// SCHED_IDLE, which glibc declares for C with extensions only.
    private static let idlePolicy: Int32 = 5
    #endif

    /// Lowers the calling thread's priority for the rest of its life: the system does not let
    /// every process raise it again. Without effect where the system has no such thing.
    ///
    /// A nice value alone lets a thread finish its slice of some milliseconds first, which engines
    /// wait for whose threads sleep and wake between kernels.
    package static func lowerForCurrentThread(to background: Background) {
        #if canImport(Darwin)
        pthread_set_qos_class_self_np(QOS_CLASS_BACKGROUND, 0)
        #else
        // On Linux a nice value belongs to a thread, and 0 names the calling one.
        _ = setpriority(process, 0, backgroundNiceness)
        guard background == .idle else { return }
        var parameters = sched_param()
        _ = pthread_setschedparam(pthread_self(), idlePolicy, &parameters)
        #endif
    }

    /// The calling thread's nice value; nil where the system has none for threads.
    package static var currentNiceness: Int32? {
        #if canImport(Darwin)
        nil
        #else
        getpriority(process, 0)
        #endif
    }
}
