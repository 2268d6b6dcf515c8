/// One declared model in a ``ModelTable``.
package struct ModelEntry: Sendable {
    /// What a model is declared with.
    package struct Declaration: Hashable, Sendable {
        /// The names that requests use; the first is the one to show.
        package var names: [String]
        /// Whether it stays in memory however long it is idle and whoever needs the room.
        package var isPinned: Bool
        /// How long it stays in memory after its last use; nil is for ever.
        package var keepAlive: Duration?
        /// What loading it takes, by estimate.
        package var byteCount: Int

        package init(
            names: [String], isPinned: Bool = false, keepAlive: Duration? = nil,
            byteCount: Int
        ) {
            self.names = names
            self.isPinned = isPinned
            self.keepAlive = keepAlive
            self.byteCount = byteCount
        }
    }

    package enum Phase: Hashable, Sendable {
        case unloaded
        case loading
        case ready
        /// Loaded and used, and to be unloaded as soon as it is not, or at the time given.
        case draining(until: Duration)
        case unloading
        /// Requests are answered with the error until the time given.
        case failed(EngineError, until: Duration)
    }

    struct Waiter: Hashable, Sendable {
        let key: WaiterKey
        let arrival: Duration
        /// Whether a lease is wanted, or only that the model is loaded.
        let wantsLease: Bool
    }

    package let declaration: Declaration
    package internal(set) var phase = Phase.unloaded
    /// Bytes set aside: the estimate while it loads, then what was measured.
    package internal(set) var byteCount = 0
    package internal(set) var generation: UInt64 = 0
    package internal(set) var leaseCount = 0
    /// Requests that are open in the engine, whether or not somebody holds a lease.
    package internal(set) var openRequestCount = 0
    /// When the model was last asked for or given back; nil where it never was.
    package internal(set) var lastUse: Duration?
    /// Since when nobody has used it.
    var idleSince = Duration.zero
    /// Whether anybody has used it since it was loaded.
    var isUsed = false
    /// Whether it was asked for by name to be loaded, whoever waits.
    var isWanted = false
    /// Since when models in use have kept it from loading.
    var blockedSince: Duration?
    /// Those who wait for it to be loaded, by arrival.
    var waiters: [Waiter] = []
    /// Those who wait for it to be unloaded.
    var unloadWaiters: [WaiterKey] = []
    /// What an engine that is being ended failed with.
    var failure: EngineError?

    init(_ declaration: Declaration) {
        self.declaration = declaration
    }

    package var name: String { declaration.names.first ?? "" }

    var isIdle: Bool { leaseCount == 0 && openRequestCount == 0 }

    /// Whether somebody wants it in memory who has not got it.
    var isAwaited: Bool { isWanted || !waiters.isEmpty }

    /// Whether it may be thrown out for another.
    var isEvictable: Bool { phase == .ready && isIdle && !declaration.isPinned }

    /// Whether its memory will be given back without anybody's doing.
    var isLeaving: Bool {
        switch phase {
        case .draining, .unloading: true
        case .unloaded, .loading, .ready, .failed: false
        }
    }

    /// Whether it has an engine that serves.
    var isServing: Bool {
        switch phase {
        case .ready, .draining: true
        case .unloaded, .loading, .unloading, .failed: false
        }
    }

    /// Whether it is not in memory, nor on its way in or out.
    var isAbsent: Bool {
        switch phase {
        case .unloaded, .failed: true
        case .loading, .ready, .draining, .unloading: false
        }
    }

    /// Whether it has been idle for as long as it may.
    func hasExpired(now: Duration) -> Bool {
        guard isEvictable, let keepAlive = declaration.keepAlive else { return false }
        // Without grace a model that was loaded ahead of its first use would never be of use.
        return keepAlive > .zero ? now - idleSince >= keepAlive : isUsed
    }
}
