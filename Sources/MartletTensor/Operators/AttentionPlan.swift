import CMartletKernels

/// How one attention call is cut into work items.
///
/// The cut never changes results: the kernels merge at absolute positions whoever computes what.
struct AttentionPlan {
    let batch: AttentionBatch
    let headCount: Int
    let kvHeadCount: Int
    let headDim: Int
    let window: Int
    let threadCount: Int

    private static let rowsMax = Int(MARTLET_ATTENTION_ROWS)
    private static let splitTokens = Int(MARTLET_ATTENTION_SPLIT)

    /// Query heads that share a KV head.
    private var groupSize: Int { headCount / kvHeadCount }

    /// Adds the items of all entries, largest contexts split when few items must feed many
    /// threads.
    func appendItems(to items: inout [AttentionWorkItem]) {
        for index in batch.entries.indices {
            for kvHead in 0..<kvHeadCount {
                appendItems(entry: index, kvHead: kvHead, to: &items)
            }
        }
    }

    private func appendItems(entry index: Int, kvHead: Int, to items: inout [AttentionWorkItem]) {
        let entry = batch.entries[index]
        let headsPerItem = min(groupSize, Self.rowsMax)
        let rowsPerItem = max(1, Self.rowsMax / headsPerItem)
        for headOffset in stride(from: 0, to: groupSize, by: headsPerItem) {
            for row in stride(from: 0, to: entry.rowCount, by: rowsPerItem) {
                let count = min(rowsPerItem, entry.rowCount - row)
                let position = entry.startPosition + row
                let begin = window > 0 ? max(0, position + 1 - window) : 0
                let firstSplit = begin / Self.splitTokens
                let endSplit = (position + count - 1) / Self.splitTokens + 1
                items.append(
                    AttentionWorkItem(
                        entry: index, kvHead: kvHead,
                        firstHead: kvHead * groupSize + headOffset,
                        headCount: min(headsPerItem, groupSize - headOffset),
                        firstRow: entry.firstRow + row, rowCount: count,
                        firstPosition: position, firstSplit: firstSplit,
                        splitCount: endSplit - firstSplit))
            }
        }
    }

    /// Whether the items should be taken apart into their splits: when the largest one alone
    /// would keep a thread busy for more than its share of the whole.
    func shouldSplit(_ items: [AttentionWorkItem]) -> Bool {
        guard threadCount > 1 else { return false }
        var largest = 0
        var total = 0
        var hasSplits = false
        for item in items {
            largest = max(largest, item.cost)
            total += item.cost
            hasSplits = hasSplits || item.splitCount > 1
        }
        guard hasSplits else { return false }
        return largest * threadCount * 4 > total
    }
}

extension AttentionWorkItem {
    /// Rough arithmetic, in row-splits.
    var cost: Int { rowCount * headCount * splitCount }
}
