import NIOConcurrencyHelpers

/// Where events wait for one reader of an ``EventBroadcast``.
final class EventBuffer: Sendable {
    /// What a reader finds.
    struct Batch: Hashable, Sendable {
        var events: [EngineEvent]
        /// How many events before these were lost.
        var lostCount: Int
    }

    private struct State {
        /// A ring: the oldest event is at `start`.
        var ring: [EngineEvent] = []
        var start = 0
        var lostCount = 0
        var isFinished = false
        var reader: CheckedContinuation<Batch?, Never>?

        mutating func append(_ event: EngineEvent, capacity: Int) {
            guard ring.count == capacity else { return ring.append(event) }
            ring[start] = event
            start = (start + 1) % capacity
            lostCount += 1
        }

        mutating func take() -> Batch {
            defer { (ring, start, lostCount) = ([], 0, 0) }
            return Batch(events: Array(ring[start...] + ring[..<start]), lostCount: lostCount)
        }
    }

    private let state = NIOLockedValueBox(State())
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
    }

    func append(_ events: [EngineEvent]) {
        let wake: (CheckedContinuation<Batch?, Never>, Batch)? = state.withLockedValue { state in
            for event in events { state.append(event, capacity: capacity) }
            guard let reader = state.reader, !state.ring.isEmpty else { return nil }
            state.reader = nil
            return (reader, state.take())
        }
        if let (reader, batch) = wake { reader.resume(returning: batch) }
    }

    func finish() {
        let reader = state.withLockedValue { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// Waits for events; nil at the end, when the task is cancelled, and for a second reader.
    func next() async -> Batch? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Batch?? = state.withLockedValue { state in
                    if !state.ring.isEmpty { return .some(state.take()) }
                    if state.isFinished || Task.isCancelled || state.reader != nil {
                        return .some(nil)
                    }
                    state.reader = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let reader = state.withLockedValue { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume(returning: nil)
        }
    }
}
