import Synchronization

/// Whether a signal asked work to end early, for the thread that does it.
final class StopRequest: Sendable {
    private let received = Atomic<Int32>(0)

    /// The signal; nil before there is one.
    var signal: Int32? {
        let signal = received.load(ordering: .relaxed)
        return signal == 0 ? nil : signal
    }

    func request(_ signal: Int32) {
        received.store(signal, ordering: .relaxed)
    }
}
