import NIOConcurrencyHelpers

/// Raised once, seen by anyone.
final class Flag: Sendable {
    private let value = NIOLockedValueBox(false)

    var isRaised: Bool { value.withLockedValue { $0 } }

    func raise() {
        value.withLockedValue { $0 = true }
    }
}
