import Synchronization

/// What the server is doing as a whole: whether it is draining, and how many requests it serves.
final class ServerStatus: Sendable {
    private struct State {
        var isStarting = true
        var isDraining = false
        var requestCount = 0
        var observers: [Int: @Sendable () -> Void] = [:]
        var nextObserver = 0
    }

    private let state = Mutex(State())

    /// Whether a shutdown has begun.
    var isDraining: Bool { state.withLock(\.isDraining) }

    /// Whether the models that the server begins with are still being loaded.
    var isStarting: Bool { state.withLock(\.isStarting) }

    func endStarting() {
        state.withLock { $0.isStarting = false }
    }

    /// Generation requests that are being served.
    var requestCount: Int { state.withLock(\.requestCount) }

    func beginRequest() {
        state.withLock { $0.requestCount += 1 }
    }

    func endRequest() {
        state.withLock { $0.requestCount -= 1 }
    }

    /// Marks the beginning of a shutdown and tells every observer.
    func beginDraining() {
        let observers = state.withLock { state in
            guard !state.isDraining else { return [Int: @Sendable () -> Void]() }
            state.isDraining = true
            defer { state.observers = [:] }
            return state.observers
        }
        for observer in observers.values { observer() }
    }

    /// Calls `observer` when a shutdown begins: at once if one has begun.
    ///
    /// - Returns: What ``removeObserver(_:)`` takes.
    func onDraining(_ observer: @escaping @Sendable () -> Void) -> Int? {
        let key: Int? = state.withLock { state in
            guard !state.isDraining else { return nil }
            state.nextObserver += 1
            state.observers[state.nextObserver] = observer
            return state.nextObserver
        }
        if key == nil { observer() }
        return key
    }

    func removeObserver(_ key: Int?) {
        guard let key else { return }
        _ = state.withLock { $0.observers.removeValue(forKey: key) }
    }
}
