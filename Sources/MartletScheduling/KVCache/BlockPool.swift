/// Which blocks are held, how often, and in which order the free ones are used again.
///
/// Taking, sharing and giving back a block each take constant time: the free blocks form a doubly
/// linked list whose links lie in flat arrays, so that any block leaves it without a search. The
/// front of the list is used first. A block whose content is worth keeping joins at the back and
/// moves forward as others are taken, which makes the list's order that of least recent use.
package struct BlockPool: Sendable {
    package let blockCount: Int
    package private(set) var freeBlockCount: Int
    /// How many block tables contain each block; free blocks have zero.
    private var referenceCounts: [Int32]
    /// The neighbours of each free block. The entry past the last block closes the ring: its next
    /// is the front of the list, its previous the back.
    private var next: [Int32]
    private var previous: [Int32]

    package init(blockCount: Int) {
        precondition((0..<Int(Int32.max)).contains(blockCount), "block indices are 32 bits wide")
        self.blockCount = blockCount
        freeBlockCount = blockCount
        referenceCounts = Array(repeating: 0, count: blockCount)
        let ring = Int32(blockCount)
        next = (0...ring).map { $0 == ring ? 0 : $0 + 1 }
        previous = (0...ring).map { $0 == 0 ? ring : $0 - 1 }
    }

    private var ring: Int { blockCount }

    package func isFree(_ block: Int32) -> Bool {
        referenceCounts[Int(block)] == 0
    }

    package func referenceCount(of block: Int32) -> Int {
        Int(referenceCounts[Int(block)])
    }

    /// The free block at the front, now held once; nil if every block is held.
    package mutating func allocate() -> Int32? {
        guard freeBlockCount > 0 else { return nil }
        let block = next[ring]
        unlink(block)
        referenceCounts[Int(block)] = 1
        return block
    }

    /// Holds a block once more, whether it was free or not.
    package mutating func retain(_ block: Int32) {
        if isFree(block) { unlink(block) }
        referenceCounts[Int(block)] += 1
    }

    /// Gives back one hold. A block that nobody holds any more joins the free list: at the back if
    /// its content should stay findable, else at the front.
    package mutating func release(_ block: Int32, keepsContent: Bool) {
        precondition(!isFree(block), "a free block was released")
        referenceCounts[Int(block)] -= 1
        guard isFree(block) else { return }
        if keepsContent {
            link(block, after: previous[ring])
        } else {
            link(block, after: Int32(ring))
        }
    }

    private mutating func unlink(_ block: Int32) {
        let before = previous[Int(block)]
        let after = next[Int(block)]
        next[Int(before)] = after
        previous[Int(after)] = before
        freeBlockCount -= 1
    }

    private mutating func link(_ block: Int32, after before: Int32) {
        let after = next[Int(before)]
        next[Int(before)] = block
        previous[Int(block)] = before
        next[Int(block)] = after
        previous[Int(after)] = block
        freeBlockCount += 1
    }
}

extension BlockPool {
    /// The free blocks, the next to be used first.
    package var freeBlocks: [Int32] {
        var blocks: [Int32] = []
        var block = next[ring]
        while Int(block) != ring, blocks.count <= blockCount {
            blocks.append(block)
            block = next[Int(block)]
        }
        return blocks
    }

    /// Checks that the list is whole in both directions and holds the free blocks, each once.
    package func checkInvariants() throws(InvariantViolation) {
        let blocks = freeBlocks
        try InvariantViolation.check(
            blocks.count == freeBlockCount,
            "\(freeBlockCount) blocks are counted free, \(blocks.count) are listed")
        var before = Int32(ring)
        for block in blocks {
            try InvariantViolation.check(isFree(block), "block \(block) is listed free and held")
            try InvariantViolation.check(
                previous[Int(block)] == before, "block \(block) has a wrong link backwards")
            before = block
        }
        try InvariantViolation.check(previous[ring] == before, "the free list's back is wrong")
        let unheldCount = referenceCounts.count { $0 == 0 }
        try InvariantViolation.check(
            unheldCount == freeBlockCount && !referenceCounts.contains { $0 < 0 },
            "\(unheldCount) blocks are not held, \(freeBlockCount) are counted free")
    }
}
