/// Cached blocks by the content that they follow and by their first token, the latest first.
///
/// The blocks of one list are linked through flat arrays, so that any of them leaves it without a
/// search.
struct ChildIndex: Sendable {
    struct Key: Hashable, Sendable {
        let parent: ContentID
        let firstToken: Int32
    }

    private static let end: Int32 = -1

    private var heads: [Key: Int32] = [:]
    private var next: [Int32]
    private var previous: [Int32]

    init(blockCount: Int) {
        next = Array(repeating: Self.end, count: blockCount)
        previous = next
    }

    var listCount: Int { heads.count }

    mutating func insert(_ block: Int32, under key: Key) {
        let head = heads.updateValue(block, forKey: key) ?? Self.end
        next[Int(block)] = head
        previous[Int(block)] = Self.end
        if head != Self.end { previous[Int(head)] = block }
    }

    mutating func remove(_ block: Int32, under key: Key) {
        let (before, after) = (previous[Int(block)], next[Int(block)])
        if after != Self.end { previous[Int(after)] = before }
        if before != Self.end {
            next[Int(before)] = after
        } else {
            heads[key] = after == Self.end ? nil : after
        }
    }

    mutating func removeAll() {
        heads.removeAll(keepingCapacity: true)
    }

    /// The latest block of a list.
    func first(under key: Key) -> Int32? {
        heads[key]
    }

    /// Whether a block of some list is the latest there.
    func isFirst(_ block: Int32) -> Bool {
        previous[Int(block)] == Self.end
    }

    /// The next older block of the same list.
    func block(after block: Int32) -> Int32? {
        let after = next[Int(block)]
        return after == Self.end ? nil : after
    }
}
