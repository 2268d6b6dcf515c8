/// Which pairs of neighbouring ids merge, how early, and into what.
struct MergeTable: Sendable {
    struct Merge: Sendable {
        /// Lower ranks merge first.
        var rank: Int32
        var id: Int32
    }

    private struct Slot: Sendable {
        var pair: UInt64
        var merge: Merge
    }

    private static let free = UInt64.max

    /// Open addressing; the length is a power of two, at most half of it in use.
    private var slots: [Slot]
    private let seed = ByteHash.seed | 1

    init(capacity: Int) {
        var length = 16
        while length < capacity * 2 { length *= 2 }
        let empty = Slot(pair: Self.free, merge: Merge(rank: 0, id: 0))
        slots = [Slot](repeating: empty, count: length)
    }

    @inline(__always)
    private func firstSlot(_ pair: UInt64) -> Int {
        Int(truncatingIfNeeded: ByteHash.mix(pair ^ seed, 0x9E37_79B9_7F4A_7C15))
            & (slots.count - 1)
    }

    private static func key(_ left: Int32, _ right: Int32) -> UInt64 {
        UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    }

    /// Sets what a pair merges into; the last word on a pair counts. No more pairs may be set
    /// than the capacity given at creation.
    mutating func set(_ left: Int32, _ right: Int32, _ merge: Merge) {
        let pair = Self.key(left, right)
        var slot = firstSlot(pair)
        while slots[slot].pair != Self.free, slots[slot].pair != pair {
            slot = (slot + 1) & (slots.count - 1)
        }
        slots[slot] = Slot(pair: pair, merge: merge)
    }

    @inline(__always)
    subscript(left: Int32, right: Int32) -> Merge? {
        let pair = Self.key(left, right)
        let mask = slots.count - 1
        var slot = firstSlot(pair)
        return slots.withUnsafeBufferPointer { slots in
            while true {
                if slots[slot].pair == pair { return slots[slot].merge }
                if slots[slot].pair == Self.free { return nil }
                slot = (slot + 1) & mask
            }
        }
    }
}
