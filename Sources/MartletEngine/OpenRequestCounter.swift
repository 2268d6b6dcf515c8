import NIOConcurrencyHelpers

/// Counts the requests that are admitted and not finished.
final class OpenRequestCounter: Sendable {
    private struct State {
        var count = 0
        var none = OneShot<Bool>()
    }

    private let state = NIOLockedValueBox(State())

    var count: Int { state.withLockedValue(\.count) }

    func increment() {
        state.withLockedValue { $0.count += 1 }
    }

    func decrement() {
        let none: OneShot<Bool>? = state.withLockedValue { state in
            state.count -= 1
            guard state.count == 0 else { return nil }
            defer { state.none = OneShot() }
            return state.none
        }
        none?.fulfil(.success(true))
    }

    /// Waits until the count is zero.
    ///
    /// - Returns: False when `timeout` passes, or the task is cancelled, before.
    func waitUntilNone(timeout: Duration) async -> Bool {
        let none: OneShot<Bool>? = state.withLockedValue { $0.count == 0 ? nil : $0.none }
        guard let none else { return true }
        return await withTaskGroup(of: Bool.self) { group in
            group.addTask { (try? await none.value()) ?? false }
            group.addTask {
                try? await Task.sleep(for: timeout)
                return false
            }
            defer { group.cancelAll() }
            return await group.next() ?? false
        }
    }
}
