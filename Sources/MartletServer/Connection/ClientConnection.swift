import NIOCore
import Synchronization

/// The client's end of a connection, as far as requests have to know of it: whether it is gone,
/// and how to get rid of it.
///
/// Responders find the connection of the request that they serve in ``current``. Requests that did
/// not come over a connection of this server have none.
final class ClientConnection: Sendable {
    @TaskLocal static var current: ClientConnection?

    private struct State {
        var isClosed = false
        var observers: [Int: @Sendable () -> Void] = [:]
        var nextObserver = 0
    }

    private let state = Mutex(State())
    private let channel: any Channel

    init(channel: any Channel) {
        self.channel = channel
    }

    /// An interest in the end of a connection.
    struct Registration: Sendable {
        fileprivate let connection: ClientConnection
        fileprivate let key: Int?

        /// Ends the interest.
        func end() {
            guard let key else { return }
            _ = connection.state.withLock { $0.observers.removeValue(forKey: key) }
        }
    }

    /// Calls `observer` when the client closes the connection: at once if it has done so.
    func onClose(_ observer: @escaping @Sendable () -> Void) -> Registration {
        let key: Int? = state.withLock { state in
            guard !state.isClosed else { return nil }
            state.nextObserver += 1
            state.observers[state.nextObserver] = observer
            return state.nextObserver
        }
        if key == nil { observer() }
        return Registration(connection: self, key: key)
    }

    /// Closes the connection under whatever is stuck in it.
    func cut() {
        channel.close(promise: nil)
    }

    /// Notes that the client has closed its end.
    func close() {
        let observers = state.withLock { state in
            state.isClosed = true
            defer { state.observers = [:] }
            return state.observers
        }
        for observer in observers.values { observer() }
    }
}
