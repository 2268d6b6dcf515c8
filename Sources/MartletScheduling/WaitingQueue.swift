import HeapModule

/// Waiting sequences by rank, and entries of some that no longer wait. Those that have run before
/// are kept apart from new ones, since they may go on where new ones may not start.
struct WaitingQueue: Sendable {
    private var new = Heap<WaitingEntry>()
    private var preempted = Heap<WaitingEntry>()

    var count: Int { new.count + preempted.count }

    /// All entries, in no particular order.
    var entries: [WaitingEntry] { new.unordered + preempted.unordered }

    mutating func insert(_ entry: WaitingEntry, isNew: Bool) {
        if isNew {
            new.insert(entry)
        } else {
            preempted.insert(entry)
        }
    }

    /// The entry with the smallest rank, among those that have run before unless `startsNew`.
    func first(startsNew: Bool) -> WaitingEntry? {
        guard startsNew, let newest = new.min else { return preempted.min }
        return preempted.min.map { min($0, newest) } ?? newest
    }

    /// Removes what `first` returned.
    mutating func remove(_ entry: WaitingEntry) {
        if new.min == entry {
            new.removeMin()
        } else if preempted.min == entry {
            preempted.removeMin()
        }
    }

    mutating func keep(where isKept: (WaitingEntry) -> Bool) {
        new = Heap(new.unordered.filter(isKept))
        preempted = Heap(preempted.unordered.filter(isKept))
    }
}
