/// The memory one call of encode works in.
struct EncodingScratch: Sendable {
    var pattern = PatternScratch()
    var bytePair = BytePairScratch()

    init() {}

    /// Gives back what only an unusual text needed.
    mutating func trim() {
        if pattern.frames.capacity > 65_536 { pattern = PatternScratch() }
        bytePair.trim()
    }
}
