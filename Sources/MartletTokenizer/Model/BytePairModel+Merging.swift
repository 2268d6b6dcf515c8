extension BytePairModel {
    /// Up to this many symbols, searching all pairs for the best is faster than a heap.
    private static let longestScan = 40
    private static let noRank = Int32.max

    /// Merges `scratch.symbols` and appends what is left: always the pair of lowest rank, of
    /// several the first.
    func merge(_ scratch: inout BytePairScratch, into output: inout [Int32]) {
        if scratch.symbols.count <= Self.longestScan {
            mergeByScanning(&scratch)
            output.append(contentsOf: scratch.symbols)
        } else {
            mergeByHeap(&scratch, into: &output)
        }
    }

    private func mergeByScanning(_ scratch: inout BytePairScratch) {
        guard scratch.symbols.count > 1 else { return }
        scratch.pairs.removeAll(keepingCapacity: true)
        for index in 1..<scratch.symbols.count {
            scratch.pairs.append(pair(scratch.symbols[index - 1], scratch.symbols[index]))
        }
        while true {
            var best = Self.noRank
            var bestIndex = 0
            for index in scratch.pairs.indices where scratch.pairs[index].rank < best {
                best = scratch.pairs[index].rank
                bestIndex = index
            }
            guard best != Self.noRank else { return }
            scratch.symbols[bestIndex] = scratch.pairs[bestIndex].id
            scratch.symbols.remove(at: bestIndex + 1)
            scratch.pairs.remove(at: bestIndex)
            if bestIndex > 0 {
                scratch.pairs[bestIndex - 1] = pair(
                    scratch.symbols[bestIndex - 1], scratch.symbols[bestIndex])
            }
            if bestIndex < scratch.pairs.count {
                scratch.pairs[bestIndex] = pair(
                    scratch.symbols[bestIndex], scratch.symbols[bestIndex + 1])
            }
        }
    }

    private func pair(_ left: Int32, _ right: Int32) -> MergeTable.Merge {
        merges[left, right] ?? MergeTable.Merge(rank: Self.noRank, id: 0)
    }

    /// Merges with a linked list of symbols and a heap of pairs, keyed by rank and position. A
    /// heap entry is stale, and skipped, when the pair at its position has another rank by now.
    private func mergeByHeap(_ scratch: inout BytePairScratch, into output: inout [Int32]) {
        let count = scratch.symbols.count
        scratch.pairs.removeAll(keepingCapacity: true)
        scratch.next = (1...count).map(Int32.init)
        scratch.previous = (-1..<(count - 1)).map(Int32.init)
        scratch.heap.removeAll(keepingCapacity: true)
        for index in 0..<count {
            let isLast = index + 1 == count
            scratch.pairs.append(
                isLast
                    ? MergeTable.Merge(rank: Self.noRank, id: 0)
                    : pair(scratch.symbols[index], scratch.symbols[index + 1]))
            pushPair(at: index, &scratch)
        }
        while let entry = scratch.heap.pop() {
            let index = Int(entry & 0xFFFF_FFFF)
            guard scratch.pairs[index].rank == Int32(truncatingIfNeeded: entry >> 32) else {
                continue
            }
            mergePair(at: index, &scratch)
        }
        var index = 0
        while index < count {
            output.append(scratch.symbols[index])
            index = Int(scratch.next[index])
        }
    }

    private func mergePair(at index: Int, _ scratch: inout BytePairScratch) {
        let removed = Int(scratch.next[index])
        let following = Int(scratch.next[removed])
        scratch.symbols[index] = scratch.pairs[index].id
        scratch.next[index] = Int32(following)
        scratch.pairs[removed].rank = Self.noRank
        scratch.pairs[index].rank = Self.noRank
        if following < scratch.symbols.count {
            scratch.previous[following] = Int32(index)
            scratch.pairs[index] = pair(scratch.symbols[index], scratch.symbols[following])
            pushPair(at: index, &scratch)
        }
        let before = Int(scratch.previous[index])
        if before >= 0 {
            scratch.pairs[before] = pair(scratch.symbols[before], scratch.symbols[index])
            pushPair(at: before, &scratch)
        }
    }

    private func pushPair(at index: Int, _ scratch: inout BytePairScratch) {
        let rank = scratch.pairs[index].rank
        guard rank != Self.noRank else { return }
        scratch.heap.push(UInt64(UInt32(rank)) << 32 | UInt64(UInt32(index)))
    }
}
