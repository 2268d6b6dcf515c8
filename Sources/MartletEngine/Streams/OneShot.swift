import Dispatch
import NIOConcurrencyHelpers

/// A value that is set once and awaited by any number of tasks.
final class OneShot<Value: Sendable>: Sendable {
    private struct State {
        var result: Result<Value, EngineError>?
        var waiters: [UInt64: CheckedContinuation<Value, any Error>] = [:]
        var callbacks: [@Sendable () -> Void] = []
        var nextWaiter: UInt64 = 0
    }

    private let state = NIOLockedValueBox(State())

    /// Sets the value, unless it is set already, and resumes every waiter.
    func fulfil(_ result: Result<Value, EngineError>) {
        let first: State? = state.withLockedValue { state in
            guard state.result == nil else { return nil }
            state.result = result
            defer { (state.waiters, state.callbacks) = ([:], []) }
            return state
        }
        guard let first else { return }
        for waiter in first.waiters.values { waiter.resume(with: result.mapError { $0 }) }
        for callback in first.callbacks { callback() }
    }

    /// Calls back once the value is set: at once if it is set already, else on the thread that
    /// sets it.
    func whenFulfilled(_ callback: @escaping @Sendable () -> Void) {
        let isSet = state.withLockedValue { state in
            if state.result == nil { state.callbacks.append(callback) }
            return state.result != nil
        }
        if isSet { callback() }
    }

    /// The value, where it is set already.
    var result: Result<Value, EngineError>? { state.withLockedValue(\.result) }

    /// Waits for the value.
    ///
    /// - Throws: The error it was set to, or `CancellationError` when the waiting task is
    ///   cancelled first.
    func value() async throws -> Value {
        let ticket = state.withLockedValue { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enqueue(continuation, as: ticket)
            }
        } onCancel: {
            let waiter = state.withLockedValue { $0.waiters.removeValue(forKey: ticket) }
            waiter?.resume(throwing: CancellationError())
        }
    }

    private func enqueue(_ continuation: CheckedContinuation<Value, any Error>, as ticket: UInt64) {
        // The cancellation handler may have run before this; the check comes under the lock so
        // that one of the two always sees the other.
        let outcome: Result<Value, any Error>? = state.withLockedValue { state in
            if let result = state.result { return result.mapError { $0 } }
            if Task.isCancelled { return .failure(CancellationError()) }
            state.waiters[ticket] = continuation
            return nil
        }
        if let outcome { continuation.resume(with: outcome) }
    }

    /// Holds the calling thread until the value is set.
    func blockingResult() -> Result<Value, EngineError> {
        while true {
            if let result { return result }
            let isSet = DispatchSemaphore(value: 0)
            whenFulfilled { isSet.signal() }
            isSet.wait()
        }
    }
}

extension Result {
    /// The value of a success.
    var success: Success? {
        if case .success(let value) = self { value } else { nil }
    }
}
