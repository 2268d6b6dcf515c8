/// What one step asks of attention and of KV writes: one entry per sequence in the step.
package struct AttentionBatch: Sendable {
    /// Rows `firstRow..<firstRow + rowCount` of the step are positions
    /// `startPosition..<startPosition + rowCount` of one sequence.
    package struct Entry: Sendable {
        package let firstRow: Int
        package let rowCount: Int
        package let startPosition: Int
        /// The physical block of each logical block, at least up to the last position.
        package let blockTable: [Int32]

        package init(firstRow: Int, rowCount: Int, startPosition: Int, blockTable: [Int32]) {
            self.firstRow = firstRow
            self.rowCount = rowCount
            self.startPosition = startPosition
            self.blockTable = blockTable
        }
    }

    package private(set) var entries: [Entry] = []
    /// Tokens in a block.
    private let blockSize: Int
    /// The highest position of any row; 0 where there is none.
    private(set) var lastPosition: Int32 = 0
    /// Position in its sequence of each row.
    package private(set) var positions: [Int32] = []
    /// block * blockSize + offset of each row.
    package private(set) var slotMapping: [Int32] = []

    package var rowCount: Int { positions.count }

    /// A step without rows.
    package init(blockSize: Int) {
        self.blockSize = blockSize
    }

    /// Lays out the rows of a step.
    ///
    /// - Parameter entries: In row order, without gaps; each block table must reach its last
    ///   position.
    package init(entries: [Entry], blockSize: Int) {
        self.init(blockSize: blockSize)
        for entry in entries { append(entry) }
    }

    /// Lays out the rows that follow.
    package mutating func append(_ entry: Entry) {
        precondition(entry.firstRow == rowCount, "entries must follow each other")
        precondition(entry.rowCount > 0 && entry.startPosition >= 0, "empty entry")
        for position in entry.startPosition..<entry.startPosition + entry.rowCount {
            let (index, offset) = position.quotientAndRemainder(dividingBy: blockSize)
            precondition(index < entry.blockTable.count, "block table too short")
            positions.append(Int32(position))
            slotMapping.append(entry.blockTable[index] * Int32(blockSize) + Int32(offset))
            lastPosition = max(lastPosition, Int32(position))
        }
        entries.append(entry)
    }

    /// Makes the step one without rows, in the memory that it has.
    package mutating func removeAll() {
        entries.removeAll(keepingCapacity: true)
        positions.removeAll(keepingCapacity: true)
        slotMapping.removeAll(keepingCapacity: true)
        lastPosition = 0
    }

    /// The batch of some rows alone, which then follow each other.
    ///
    /// - Parameter rows: Ascending.
    package func keeping(_ rows: [Int]) -> AttentionBatch {
        var kept = AttentionBatch(blockSize: blockSize)
        var next = 0
        for entry in entries {
            let end = entry.firstRow + entry.rowCount
            while next < rows.count, rows[next] < end {
                let first = next
                precondition(first == 0 || rows[first - 1] < rows[first], "rows must ascend")
                let last = min(rows.count, first + end - rows[first])
                while next < last, rows[next] == rows[first] + next - first { next += 1 }
                kept.append(
                    Entry(
                        firstRow: first, rowCount: next - first,
                        startPosition: entry.startPosition + rows[first] - entry.firstRow,
                        blockTable: entry.blockTable))
            }
        }
        precondition(next == rows.count, "no such row")
        return kept
    }

    /// Lends the positions and the slots of all rows.
    func withRows(
        _ body: (_ positions: UnsafeBufferPointer<Int32>, _ slots: UnsafeBufferPointer<Int32>) ->
            Void
    ) {
        positions.withUnsafeBufferPointer { positions in
            slotMapping.withUnsafeBufferPointer { slots in body(positions, slots) }
        }
    }
}
