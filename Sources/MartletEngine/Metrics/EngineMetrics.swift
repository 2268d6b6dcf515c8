import NIOConcurrencyHelpers

/// Counts what happens in one engine, for ``PrometheusText`` and the log.
///
/// It takes its lock once for a batch of events, and once for a copy of the totals.
public final class EngineMetrics: EngineObserver {
    private let account: NIOLockedValueBox<EventAccount>

    /// Metrics of an engine that has done nothing.
    public convenience init() {
        self.init(followedCountMax: 1 << 18)
    }

    /// - Parameter followedCountMax: How many open requests are timed; further ones are counted.
    package init(followedCountMax: Int) {
        account = NIOLockedValueBox(EventAccount(followedCountMax: followedCountMax))
    }

    /// Counts events.
    public func observe(_ events: [EngineEvent]) {
        account.withLockedValue { account in
            for event in events { account.take(event) }
        }
    }

    /// The totals so far.
    public var totals: EngineTotals { account.withLockedValue(\.totals) }

    /// How many open requests are followed; for tests.
    package var followedCount: Int { account.withLockedValue(\.followedCount) }
}
