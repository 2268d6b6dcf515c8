/// The events of an engine, for one reader. See ``EventBroadcast``.
public struct EngineEventSequence: AsyncSequence, Sendable {
    /// One event.
    public struct Element: Hashable, Sendable {
        /// What happened.
        public let event: EngineEvent
        /// How many events right before this one were lost, because they were not read in time.
        public let lostCount: Int
    }

    /// Takes the sequence off the broadcast when nobody has it any more.
    fileprivate final class Lease: Sendable {
        private let onEnd: @Sendable () -> Void

        init(_ onEnd: @escaping @Sendable () -> Void) {
            self.onEnd = onEnd
        }

        deinit {
            onEnd()
        }
    }

    private let buffer: EventBuffer
    private let lease: Lease

    init(buffer: EventBuffer, onEnd: @escaping @Sendable () -> Void) {
        self.buffer = buffer
        lease = Lease(onEnd)
    }

    /// A reader.
    public func makeAsyncIterator() -> Iterator { Iterator(buffer: buffer, lease: lease) }

    /// Reads the sequence.
    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let buffer: EventBuffer
        fileprivate let lease: Lease
        private var batch: ArraySlice<EngineEvent> = []
        private var lostCount = 0

        fileprivate init(buffer: EventBuffer, lease: Lease) {
            self.buffer = buffer
            self.lease = lease
        }

        /// The next event; nil when the broadcast is finished or the task is cancelled.
        public mutating func next() async -> Element? {
            if batch.isEmpty {
                guard let fresh = await buffer.next() else { return nil }
                batch = fresh.events[...]
                lostCount = fresh.lostCount
            }
            guard let event = batch.popFirst() else { return nil }
            defer { lostCount = 0 }
            return Element(event: event, lostCount: lostCount)
        }
    }
}
