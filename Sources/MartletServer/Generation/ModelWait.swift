import HTTPTypes
import MartletEngine

/// Waiting for a model that a request has asked for and that is not in memory: for as long as the
/// request's limits allow, and no longer than its client is there.
struct ModelWait: Sendable {
    typealias Instant = ContinuousClock.Instant

    let models: ModelManager
    /// When the request came.
    let arrival: Instant
    let deadlines: RequestDeadlines

    /// Waits for the model `name`.
    ///
    /// - Throws: ``APIError`` when the time is over, `CancellationError` when the client is gone,
    ///   and what keeps the model from being loaded.
    func lease(of name: String) async throws -> ModelLease {
        try await withThrowingTaskGroup(of: ModelLease?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await models.acquire(name) }
            for (limit, error) in limits {
                group.addTask {
                    try await Task.sleep(until: arrival + limit, clock: .continuous)
                    throw error
                }
            }
            if let client = ClientConnection.current {
                group.addTask { try await Self.waitForEnd(of: client) }
            }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw CancellationError()
        }
    }

    private var limits: [(Duration, APIError)] {
        var limits: [(Duration, APIError)] = []
        if let total = deadlines.total {
            let message = "The request's time was over before its model was loaded."
            limits.append((total, APIError(.gatewayTimeout, "TimeoutError", message)))
        }
        if let queue = deadlines.queue {
            let message = "The model was not loaded within the request's queue timeout."
            limits.append((queue, .unavailable(message)))
        }
        return limits
    }

    private static func waitForEnd(of client: ClientConnection) async throws -> ModelLease? {
        let (closed, close) = AsyncStream.makeStream(of: Void.self)
        let registration = client.onClose { close.finish() }
        defer { registration.end() }
        for await _ in closed {}
        throw CancellationError()
    }
}
