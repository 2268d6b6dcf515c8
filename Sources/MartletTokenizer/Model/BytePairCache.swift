/// Remembers the ids of pre-tokens seen before. Bounded: when full, it starts over.
struct BytePairCache: Sendable {
    private struct Slot {
        var hash: UInt64 = 0
        var keyStart: UInt32 = 0
        var idStart: UInt32 = 0
        /// Zero marks a free slot.
        var keyCount: UInt16 = 0
        var idCount: UInt16 = 0
    }

    private static let slotCount = 32_768
    private static let probeCount = 4
    private static let maximumKeyCount = 128
    private static let maximumKeyBytes = 512 << 10
    private static let maximumIDs = 256 << 10

    private var slots: [Slot] = []
    private var keys: [UInt8] = []
    private var ids: [Int32] = []

    init() {}

    /// Appends the ids of `text` if they are known, and says whether they were.
    @inline(__always)
    func append(
        _ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64, to output: inout [Int32]
    ) -> Bool {
        guard !slots.isEmpty, text.count <= Self.maximumKeyCount else { return false }
        for probe in 0..<Self.probeCount {
            let slot = slots[(Int(truncatingIfNeeded: hash) &+ probe) & (Self.slotCount - 1)]
            guard slot.keyCount != 0 else { return false }
            guard slot.hash == hash, Int(slot.keyCount) == text.count else { continue }
            let isEqual = keys.withUnsafeBufferPointer {
                ByteHash.areEqual(
                    $0.baseAddress! + Int(slot.keyStart), text.baseAddress!, count: text.count)
            }
            guard isEqual else { continue }
            let start = Int(slot.idStart)
            if slot.idCount == 1 {
                output.append(ids[start])
            } else {
                output.append(contentsOf: ids[start..<(start + Int(slot.idCount))])
            }
            return true
        }
        return false
    }

    mutating func insert(
        _ text: UnsafeBufferPointer<UInt8>, _ hash: UInt64, _ tokens: ArraySlice<Int32>
    ) {
        guard text.count <= Self.maximumKeyCount else { return }
        if slots.isEmpty || keys.count + text.count > Self.maximumKeyBytes
            || ids.count + tokens.count > Self.maximumIDs
        {
            removeAll()
        }
        var target = Int(truncatingIfNeeded: hash) & (Self.slotCount - 1)
        for probe in 0..<Self.probeCount {
            let candidate = (Int(truncatingIfNeeded: hash) &+ probe) & (Self.slotCount - 1)
            guard slots[candidate].keyCount != 0 else {
                target = candidate
                break
            }
        }
        slots[target] = Slot(
            hash: hash, keyStart: UInt32(keys.count), idStart: UInt32(ids.count),
            keyCount: UInt16(text.count), idCount: UInt16(tokens.count))
        keys.append(contentsOf: text)
        ids.append(contentsOf: tokens)
    }

    private mutating func removeAll() {
        slots = [Slot](repeating: Slot(), count: Self.slotCount)
        keys.removeAll(keepingCapacity: true)
        ids.removeAll(keepingCapacity: true)
    }
}
