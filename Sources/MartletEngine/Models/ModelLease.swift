import NIOConcurrencyHelpers

/// The right to use a model: it stays in memory until the lease is released or let go.
///
/// Hold it for as long as a request's stream is read. A model that is unloaded by name waits for
/// its leases, but not for ever: after ``ModelManagerConfiguration/drainTimeout`` its engine stops.
public final class ModelLease: Sendable {
    /// The loaded model.
    public let engine: AsyncEngine
    /// What the model was declared as.
    public let definition: ModelDefinition
    private let load: ModelLoad
    private let returns: NIOLockedValueBox<LeaseReturns?>

    init(
        engine: AsyncEngine, definition: ModelDefinition, load: ModelLoad, returns: LeaseReturns
    ) {
        self.engine = engine
        self.definition = definition
        self.load = load
        self.returns = NIOLockedValueBox(returns)
    }

    deinit {
        release()
    }

    /// Ends the lease; the last one to end lets the model be unloaded. Idempotent.
    public func release() {
        let returns = returns.withLockedValue { returns in
            defer { returns = nil }
            return returns
        }
        returns?.add(load)
    }
}

/// Where leases end: on any thread, without waiting for the manager.
final class LeaseReturns: Sendable {
    private let counts = NIOLockedValueBox<[ModelLoad: Int]>([:])
    private let signal: AsyncStream<Void>.Continuation
    /// Yields when there is something to take; at most one yield waits.
    let arrivals: AsyncStream<Void>

    init() {
        (arrivals, signal) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func add(_ load: ModelLoad) {
        counts.withLockedValue { $0[load, default: 0] += 1 }
        signal.yield()
    }

    /// Ends `arrivals`.
    func finish() { signal.finish() }

    /// The leases that have ended since the last call, counted.
    func take() -> [ModelLoad: Int] {
        counts.withLockedValue { counts in
            defer { counts = [:] }
            return counts
        }
    }
}
