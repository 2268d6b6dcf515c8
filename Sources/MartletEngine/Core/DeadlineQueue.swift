import HeapModule

/// The moments at which requests expire, the next one first.
struct DeadlineQueue {
    typealias Instant = ContinuousClock.Instant

    private struct Entry: Comparable {
        let deadline: Instant
        let key: RequestKey

        static func < (lhs: Entry, rhs: Entry) -> Bool { lhs.deadline < rhs.deadline }

        static func == (lhs: Entry, rhs: Entry) -> Bool {
            lhs.deadline == rhs.deadline && lhs.key == rhs.key
        }
    }

    private var entries = Heap<Entry>()

    /// The next moment at which something may expire.
    var next: Instant? { entries.min?.deadline }

    mutating func insert(_ deadline: Instant, for key: RequestKey) {
        entries.insert(Entry(deadline: deadline, key: key))
    }

    /// Takes the requests whose moment has come. They may have ended since they were inserted.
    mutating func takeExpired(_ now: Instant) -> [RequestKey] {
        var keys: [RequestKey] = []
        while let entry = entries.min, entry.deadline <= now {
            keys.append(entry.key)
            entries.removeMin()
        }
        return keys
    }

    /// Forgets entries of requests that have ended, once these are the most.
    mutating func compact(openCount: Int, isOpen: (RequestKey) -> Bool) {
        guard entries.count > 4 * openCount + 64 else { return }
        entries = Heap(entries.unordered.filter { isOpen($0.key) })
    }
}
