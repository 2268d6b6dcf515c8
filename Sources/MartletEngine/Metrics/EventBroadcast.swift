import NIOConcurrencyHelpers

/// An observer from which any number of tasks read an engine's events.
///
/// The engine never waits for a reader: each has a buffer of its own, and one that is too slow
/// loses the oldest events and is told how many.
public final class EventBroadcast: EngineObserver {
    private struct State {
        var buffers: [UInt64: EventBuffer] = [:]
        var next: UInt64 = 0
        var isFinished = false
    }

    private let state = NIOLockedValueBox(State())

    /// A broadcast without readers.
    public init() {}

    /// The events from now on, until the sequence is let go or the broadcast is finished. One task
    /// at a time may read a sequence.
    ///
    /// - Parameter capacity: How many events wait for the reader at most; at least 1.
    public func events(capacity: Int = 1024) -> EngineEventSequence {
        let buffer = EventBuffer(capacity: max(1, capacity))
        let key: UInt64? = state.withLockedValue { state in
            guard !state.isFinished else { return nil }
            state.next += 1
            state.buffers[state.next] = buffer
            return state.next
        }
        guard let key else {
            buffer.finish()
            return EngineEventSequence(buffer: buffer) {}
        }
        return EngineEventSequence(buffer: buffer) { [weak self] in self?.remove(key) }
    }

    /// Passes events on to all readers.
    public func observe(_ events: [EngineEvent]) {
        let buffers = state.withLockedValue { Array($0.buffers.values) }
        for buffer in buffers { buffer.append(events) }
    }

    /// Ends all sequences once their readers have what is there.
    public func finish() {
        let buffers = state.withLockedValue { state in
            state.isFinished = true
            defer { state.buffers = [:] }
            return Array(state.buffers.values)
        }
        for buffer in buffers { buffer.finish() }
    }

    /// How many sequences are open.
    package var readerCount: Int { state.withLockedValue(\.buffers.count) }

    private func remove(_ key: UInt64) {
        state.withLockedValue { $0.buffers[key] = nil }
    }
}
