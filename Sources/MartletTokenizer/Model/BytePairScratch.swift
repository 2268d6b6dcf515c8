/// The memory that encoding reuses from pre-token to pre-token.
struct BytePairScratch: Sendable {
    var symbols: [Int32] = []
    /// What the pair that begins at each symbol merges into.
    var pairs: [MergeTable.Merge] = []
    var next: [Int32] = []
    var previous: [Int32] = []
    var heap = MinimumHeap()
    var bytes: [UInt8] = []
    var cache = BytePairCache()

    init() {}

    /// Gives back what only an unusually long pre-token needed.
    mutating func trim() {
        guard symbols.capacity > 65_536 else { return }
        let cache = cache
        self = BytePairScratch()
        self.cache = cache
    }
}
