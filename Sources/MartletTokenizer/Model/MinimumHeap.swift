/// A binary heap that yields the smallest key first.
struct MinimumHeap: Sendable {
    private var keys: [UInt64] = []

    mutating func removeAll(keepingCapacity: Bool) {
        keys.removeAll(keepingCapacity: keepingCapacity)
    }

    mutating func push(_ key: UInt64) {
        keys.append(key)
        var index = keys.count - 1
        while index > 0 {
            let parent = (index - 1) / 2
            guard keys[parent] > key else { break }
            keys[index] = keys[parent]
            index = parent
        }
        keys[index] = key
    }

    mutating func pop() -> UInt64? {
        guard let last = keys.popLast() else { return nil }
        guard let first = keys.first else { return last }
        var index = 0
        while true {
            var child = 2 * index + 1
            guard child < keys.count else { break }
            if child + 1 < keys.count, keys[child + 1] < keys[child] { child += 1 }
            guard keys[child] < last else { break }
            keys[index] = keys[child]
            index = child
        }
        keys[index] = last
        return first
    }
}
