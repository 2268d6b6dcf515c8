import MartletTensor
import Testing

@Suite struct AttentionBatchTests {
    private let batch = AttentionBatch(
        entries: [
            AttentionBatch.Entry(firstRow: 0, rowCount: 4, startPosition: 14, blockTable: [7, 3]),
            AttentionBatch.Entry(firstRow: 4, rowCount: 1, startPosition: 0, blockTable: [5]),
            AttentionBatch.Entry(firstRow: 5, rowCount: 3, startPosition: 2, blockTable: [6]),
        ], blockSize: 16)

    @Test(arguments: [[], [0], [3, 4], [0, 1, 3], [1, 2, 5, 7], Array(0..<8)])
    func `rows keep their positions and slots when others leave`(rows: [Int]) {
        let kept = batch.keeping(rows)
        #expect(kept.rowCount == rows.count)
        #expect(kept.positions == rows.map { batch.positions[$0] })
        #expect(kept.slotMapping == rows.map { batch.slotMapping[$0] })
        // The entries say the same of each row as the batch does.
        let positions = kept.entries.flatMap { entry in
            (0..<entry.rowCount).map { Int32(entry.startPosition + $0) }
        }
        #expect(positions == kept.positions)
        let slots = kept.entries.flatMap { entry in
            (0..<entry.rowCount).map { row in
                let position = entry.startPosition + row
                return entry.blockTable[position / 16] * 16 + Int32(position % 16)
            }
        }
        #expect(slots == kept.slotMapping)
        var next = 0
        for entry in kept.entries {
            #expect(entry.firstRow == next)
            next += entry.rowCount
        }
    }

    @Test func `rows that follow each other stay one entry`() {
        #expect(batch.keeping([0, 1, 2, 4, 5, 6, 7]).entries.map(\.rowCount) == [3, 1, 3])
        #expect(batch.keeping([0, 2, 3]).entries.map(\.rowCount) == [1, 2])
    }
}
