/// Published blocks that nobody has asked to save yet, parents before their children. The content
/// of some may be gone.
struct UnsavedQueue: Sendable {
    struct Entry {
        let block: Int32
        let content: ContentID
        let parent: PrefixKey
    }

    private var entries: [Entry] = []

    /// - Parameter countMax: How long the queue may get before entries whose content is gone leave.
    mutating func append(
        _ entry: Entry, countMax: Int, where isCurrent: (Entry) -> Bool
    ) {
        if entries.count >= countMax { entries.removeAll { !isCurrent($0) } }
        entries.append(entry)
    }

    /// Takes the first `limit` entries that are current.
    mutating func take(_ limit: Int, where isCurrent: (Entry) -> Bool) -> [Entry] {
        var taken: [Entry] = []
        var passedCount = 0
        while taken.count < limit, passedCount < entries.count {
            if isCurrent(entries[passedCount]) { taken.append(entries[passedCount]) }
            passedCount += 1
        }
        entries.removeFirst(passedCount)
        return taken
    }

    mutating func removeAll() {
        entries.removeAll()
    }

    var count: Int { entries.count }
}
