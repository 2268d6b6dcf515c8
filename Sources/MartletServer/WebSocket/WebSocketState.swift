import MartletJSON

/// What a WebSocket session knows, as a value: which generations are open, and how far the
/// connection is in its life.
struct WebSocketState {
    private enum Ping {
        case none, sending, sent
    }

    private struct Request {
        var isCancelled = false
        var run: GenerationRun?
    }

    /// Who talks over the connection.
    struct Visitor: Hashable, Sendable {
        /// Whether requests may come without a key before them.
        var isAuthorized: Bool
        /// The name of the key's owner.
        var name: String?
    }

    private(set) var visitor: Visitor
    private(set) var isClosing = false
    private let limit: Int
    private var isDraining = false
    private var ping = Ping.none
    private var hasServed = false
    private var requests: [JSONValue: Request] = [:]

    init(visitor: Visitor, limit: Int) {
        self.visitor = visitor
        self.limit = limit
    }

    var isAuthorized: Bool { visitor.isAuthorized }

    mutating func authorize(name: String?) {
        visitor = Visitor(isAuthorized: true, name: name)
    }

    // MARK: Connection

    /// Notes that the client lives; returns whether the connection is being closed.
    mutating func noteFrame() -> Bool {
        if ping == .sent { ping = .none }
        return isClosing
    }

    /// Returns false where the ping before is still unsent or unanswered.
    mutating func beginPing() -> Bool {
        guard ping == .none else { return false }
        ping = .sending
        return true
    }

    mutating func endPing() {
        if ping == .sending { ping = .sent }
    }

    /// Returns whether the caller is the one to send the close frame.
    mutating func beginClosing() -> Bool {
        defer { isClosing = true }
        return !isClosing
    }

    /// Admits no further requests; returns whether the connection can close at once.
    mutating func drain() -> Bool {
        isDraining = true
        return requests.isEmpty
    }

    /// Ends everything; returns what has to be cancelled.
    mutating func end() -> [GenerationRun] {
        isClosing = true
        return requests.values.compactMap(\.run)
    }

    // MARK: Requests

    mutating func begin(_ id: JSONValue) throws(APIError) {
        guard !isDraining else { throw .unavailable("The server is shutting down.") }
        guard requests[id] == nil else {
            throw .badRequest("A request with this id is open already.", param: "id")
        }
        guard requests.count < limit else {
            throw .unavailable("This connection has \(limit) open requests, which is its limit.")
        }
        requests[id] = Request()
    }

    /// Returns whether the request was cancelled before it ran.
    mutating func attach(_ run: GenerationRun, to id: JSONValue) -> Bool {
        hasServed = true
        requests[id]?.run = run
        return requests[id]?.isCancelled ?? true
    }

    /// Whether the connection has been of no use so far, and nothing is open that may change that.
    var isUseless: Bool { !hasServed && requests.isEmpty }

    /// Returns what has to be cancelled.
    mutating func cancel(_ id: JSONValue) -> GenerationRun? {
        requests[id]?.isCancelled = true
        return requests[id]?.run
    }

    /// Returns whether this was the last thing that a draining connection waited for.
    mutating func end(_ id: JSONValue) -> Bool {
        requests[id] = nil
        return isDraining && requests.isEmpty
    }
}
