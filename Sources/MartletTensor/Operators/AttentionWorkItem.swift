/// One part of an attention call: some positions of one entry, some query heads of one KV head.
struct AttentionWorkItem {
    let entry: Int
    let kvHead: Int
    let firstHead: Int
    let headCount: Int
    /// Row of the step, not of the entry.
    let firstRow: Int
    let rowCount: Int
    let firstPosition: Int
    let firstSplit: Int
    let splitCount: Int
    /// Where the partial results start, in floats, when this is one split of several that are
    /// computed apart; nil when the item does all its splits itself.
    var partialOffset: Int?
}
