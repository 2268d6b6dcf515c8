#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Priorities of single threads, for work that must not get into anybody's way.
package enum ThreadPriority {
    /// The nice value of background work. Against a thread of normal priority it has weight 110 of
    /// 1024: it gets a tenth of a contended processor and all of an idle one.
    ///
    /// - Source: `sched_prio_to_weight` in Linux 6, `kernel/sched/core.c`.
    package static let backgroundNiceness: Int32 = 10

    #if !canImport(Darwin)
    /// PRIO_PROCESS, whose Swift type differs between C libraries.
    private static let process: Int32 = 0
    #endif

    /// Lowers the calling thread's priority for the rest of its life: the system does not let
    /// every process raise it again. Without effect where the system has no such thing.
    package static func lowerForCurrentThread() {
        #if canImport(Darwin)
        pthread_set_qos_class_self_np(QOS_CLASS_UTILITY, 0)
        #else
        // On Linux a nice value belongs to a thread, and 0 names the calling one.
        _ = setpriority(process, 0, backgroundNiceness)
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
