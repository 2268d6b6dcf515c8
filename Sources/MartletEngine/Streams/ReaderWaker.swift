import Dispatch
import NIOConcurrencyHelpers

/// Wakes the readers of slots on a thread of its own queue, while the engine's thread goes on.
///
/// To wake a task allocates, and often calls the system. For each of a hundred readers that comes
/// to a good part of a millisecond in which no kernel would run. The engine's thread hands the
/// step's slots over together instead, in memory that goes to and fro. A single slot is not worth
/// another thread: the engine's own wakes its reader. The queue is not the one of all, whose threads
/// may all be held by readers that block.
///
/// `@unchecked Sendable`: the source is made once and never replaced; Dispatch lets any thread
/// signal and cancel it.
final class ReaderWaker: @unchecked Sendable {
    private struct Waiting {
        var slots: [OutputSlot] = []
        /// Empty: memory for the slots that follow.
        var spare: [OutputSlot] = []
    }

    private let waiting: NIOLockedValueBox<Waiting>
    private let source: any DispatchSourceUserDataAdd

    init() {
        let waiting = NIOLockedValueBox(Waiting())
        self.waiting = waiting
        source = DispatchSource.makeUserDataAddSource(
            queue: DispatchQueue(label: "martlet-readers"))
        source.setEventHandler { Self.wakeAll(waiting) }
        source.activate()
    }

    deinit {
        source.cancel()
        Self.wakeAll(waiting)
    }

    /// Wakes the slots' readers, soon.
    func wakeReaders(of slots: [OutputSlot]) {
        if slots.count == 1 { return slots[0].wakeReader() }
        waiting.withLockedValue { $0.slots += slots }
        source.add(data: 1)
    }

    private static func wakeAll(_ waiting: NIOLockedValueBox<Waiting>) {
        var slots = waiting.withLockedValue { waiting in
            let slots = waiting.slots
            waiting.slots = waiting.spare
            waiting.spare = []
            return slots
        }
        for slot in slots { slot.wakeReader() }
        slots.removeAll(keepingCapacity: true)
        waiting.withLockedValue { $0.spare = slots }
    }
}
