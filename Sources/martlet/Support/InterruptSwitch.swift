import Synchronization

/// What Ctrl-C does at the moment.
final class InterruptSwitch: Sendable {
    private let action = Mutex<(@Sendable () -> Void)?>(nil)

    /// From now on an interrupt runs `action`.
    func arm(_ action: @escaping @Sendable () -> Void) {
        self.action.withLock { $0 = action }
    }

    /// From now on an interrupt only tells how to leave.
    func disarm() {
        action.withLock { $0 = nil }
    }

    func interrupt() {
        guard let action = action.withLock({ $0 }) else {
            return StandardError.write("\n/exit or Ctrl-D leaves.\n> ")
        }
        action()
    }
}
