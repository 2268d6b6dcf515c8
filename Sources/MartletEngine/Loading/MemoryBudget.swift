import NIOConcurrencyHelpers

/// How much memory the models of a process may take together, and how much they have.
///
/// A ledger: nothing is allocated here. A model's part is set aside before it loads, so that two
/// that load at the same time cannot both count on the same bytes.
package final class MemoryBudget: Sendable {
    /// The share of available memory that a process with several models takes by default. The
    /// rest is for requests, for the page cache that checkpoints are read through, and for the
    /// system.
    package static let defaultShare = 0.9

    /// All bytes that may be reserved; nil where only the system sets a limit.
    package let byteCount: Int?
    private let reserved = NIOLockedValueBox(0)

    /// - Parameter byteCount: All bytes that may be reserved; nil for no limit.
    package init(byteCount: Int?) {
        self.byteCount = byteCount.map { max($0, 0) }
    }

    /// A budget of ``defaultShare`` of what the system has available now; without limit where it
    /// does not say.
    package static func ofAvailableMemory(_ probe: MemoryProbe = MemoryProbe()) -> MemoryBudget {
        MemoryBudget(byteCount: probe.availableByteCount.map { Int(Double($0) * defaultShare) })
    }

    /// Bytes that are set aside.
    package var reservedByteCount: Int { reserved.withLockedValue { $0 } }

    /// Bytes that are not set aside; nil where there is no limit, and never negative.
    package var remainingByteCount: Int? {
        byteCount.map { max(0, $0 - reservedByteCount) }
    }

    /// Sets `count` bytes aside; nil where there are not so many left.
    package func reserve(_ count: Int) -> MemoryReservation? {
        precondition(count >= 0, "a reservation of \(count) bytes")
        return change(by: count, mayExceed: false)
            ? MemoryReservation(budget: self, byteCount: count) : nil
    }

    /// Sets `count` bytes aside for one whose place is decided elsewhere, be it beyond the limit.
    package func claim(_ count: Int) -> MemoryReservation {
        let reservation = MemoryReservation(budget: self, byteCount: 0)
        reservation.resize(to: count)
        return reservation
    }

    /// Adds `difference` to what is set aside.
    ///
    /// - Parameter mayExceed: Whether to add it even beyond the limit: what is used is used.
    fileprivate func change(by difference: Int, mayExceed: Bool) -> Bool {
        reserved.withLockedValue { reserved in
            let (sum, overflow) = reserved.addingReportingOverflow(difference)
            if overflow { return false }
            if !mayExceed, difference > 0, let byteCount, sum > byteCount { return false }
            reserved = sum
            return true
        }
    }
}

/// Memory set aside for one model, until it is released or let go.
package final class MemoryReservation: Sendable {
    private let budget: MemoryBudget
    private let held: NIOLockedValueBox<Int>

    fileprivate init(budget: MemoryBudget, byteCount: Int) {
        self.budget = budget
        held = NIOLockedValueBox(byteCount)
    }

    deinit {
        release()
    }

    /// Bytes set aside.
    package var byteCount: Int { held.withLockedValue { $0 } }

    /// Bytes that the holder could have in all: its own and what nobody has; nil for no limit.
    package var attainableByteCount: Int? {
        budget.remainingByteCount.map { $0 + byteCount }
    }

    /// Sets aside what is really used, be it more or less than was planned.
    package func resize(to count: Int) {
        precondition(count >= 0, "a reservation of \(count) bytes")
        held.withLockedValue { held in
            if budget.change(by: count - held, mayExceed: true) { held = count }
        }
    }

    /// Gives all of it back. Idempotent.
    package func release() { resize(to: 0) }
}
