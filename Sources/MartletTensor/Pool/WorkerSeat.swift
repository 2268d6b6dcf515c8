import CMartletKernels

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What one pool thread needs to begin.
final class WorkerSeat: Sendable {
    private let state: WorkerPoolState
    private let worker: Int

    init(state: WorkerPoolState, worker: Int) {
        self.state = state
        self.worker = worker
    }

    /// Starts the thread; nil when the system has none to give.
    func start() -> pthread_t? {
        let seat = Unmanaged.passRetained(self)
        #if canImport(Darwin)
        var thread: pthread_t?
        let failure = pthread_create(&thread, nil, { WorkerSeat.main($0) }, seat.toOpaque())
        #else
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, { WorkerSeat.main($0) }, seat.toOpaque())
        #endif
        guard failure == 0 else {
            seat.release()
            return nil
        }
        return thread
    }

    private static func main(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        guard let context else { return nil }
        let seat = Unmanaged<WorkerSeat>.fromOpaque(context).takeRetainedValue()
        // 15 bytes at most on Linux.
        martlet_thread_name("martlet-pool-\(seat.worker % 100)")
        seat.state.serve(worker: seat.worker)
        return nil
    }
}
