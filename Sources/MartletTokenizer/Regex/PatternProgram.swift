/// A compiled pattern: instructions and the tables they refer to. Immutable, so that any number
/// of threads match with it at once.
struct PatternProgram: Sendable {
    /// Words of 64 bits per set: one bit for each scalar of the Basic Multilingual Plane.
    static let wordsPerSet = 1024
    /// Entries of a dispatch table: ASCII by value, any other scalar, the end of the text.
    static let entriesPerTable = 130
    static let otherScalarEntry = 128
    static let endEntry = 129

    var instructions: [PatternInstruction] = []
    /// One bitmap per set, `wordsPerSet` words each.
    var bitmaps: [UInt64] = []
    /// The ranges of all sets above the Basic Multilingual Plane, ascending within a set.
    var supplementaryRanges: [ClosedRange<UInt32>] = []
    /// Where each set's supplementary ranges begin; one more entry than there are sets.
    var supplementaryOffsets: [Int32] = [0]
    /// Which alternatives can begin with a scalar, one bit each.
    var dispatchMasks: [UInt64] = []
    var dispatchTargets: [Int32] = []
    /// How many registers the loops need that might go round without consuming anything.
    var registerCount = 0

    /// Adds the tables of a set and returns its number.
    mutating func add(_ set: ScalarSet) -> Int32 {
        let base = bitmaps.count
        bitmaps.append(contentsOf: repeatElement(0, count: Self.wordsPerSet))
        for range in set.ranges {
            if range.upperBound > 0xFFFF {
                supplementaryRanges.append(max(range.lowerBound, 0x10000)...range.upperBound)
            }
            guard range.lowerBound <= 0xFFFF else { continue }
            for value in range.lowerBound...min(range.upperBound, 0xFFFF) {
                bitmaps[base + Int(value >> 6)] |= 1 << UInt64(value & 63)
            }
        }
        supplementaryOffsets.append(Int32(supplementaryRanges.count))
        return Int32(base / Self.wordsPerSet)
    }
}
