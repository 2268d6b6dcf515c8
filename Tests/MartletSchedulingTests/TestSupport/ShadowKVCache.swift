import MartletScheduling
import MartletTestSupport

/// Stands in for the executor's KV memory: a cell holds, in place of keys and values, a digest of
/// everything that they depend on, which is the sequence's salt and every token up to theirs.
struct ShadowKVCache {
    /// What one block holds.
    struct Content {
        fileprivate let cells: [Cell]
    }

    fileprivate struct Cell: Equatable {
        var digest: UInt64
        /// How many resets of the prefix cache came before the sequence began.
        var epoch: Int
    }

    private let blockSize: Int
    private var cells: [Cell]
    private var epoch = 0
    private(set) var copiedTokenCount = 0
    /// The epoch in which each running sequence was admitted.
    private var epochs: [SequenceID: Int] = [:]

    init(blockSize: Int, blockCount: Int) {
        self.blockSize = blockSize
        cells = Array(repeating: Cell(digest: 0, epoch: -1), count: blockSize * blockCount)
    }

    mutating func clear(blockCount: Int) {
        cells = Array(repeating: Cell(digest: 0, epoch: -1), count: blockSize * blockCount)
    }

    mutating func beginEpoch() {
        epoch += 1
    }

    mutating func forget(_ id: SequenceID) {
        epochs[id] = nil
    }

    func content(of block: Int32) -> Content {
        let start = Int(block) * blockSize
        return Content(cells: Array(cells[start..<start + blockSize]))
    }

    mutating func fill(_ block: Int32, with content: Content) {
        let start = Int(block) * blockSize
        cells.replaceSubrange(start..<start + blockSize, with: content.cells)
    }

    /// Computes a step as strictly as an executor may: every row reads before any row writes.
    mutating func run(
        _ batch: ScheduledBatch, tokens: [SequenceID: [Int32]], salts: [SequenceID: String?]
    ) throws(ModelViolation) {
        copy(batch.copies)
        var writes: [Int: Cell] = [:]
        for entry in batch.sequences {
            guard let known = tokens[entry.id], let salt = salts[entry.id] else {
                throw ModelViolation("\(entry.id) is scheduled and unknown")
            }
            let epoch = epochs[entry.id] ?? self.epoch
            epochs[entry.id] = epoch
            var digest = salt.map { SeededGenerator.mix(UInt64($0.utf8.count) + 1) } ?? 0
            for position in 0..<entry.startPosition + entry.tokens.count {
                digest = SeededGenerator.mix(digest ^ UInt64(UInt32(bitPattern: known[position])))
                let block = Int(entry.blockTable[position / blockSize])
                let index = block * blockSize + position % blockSize
                let cell = Cell(digest: digest, epoch: epoch)
                if position < entry.startPosition {
                    guard cells[index] == cell else {
                        throw ModelViolation("\(entry.id) reads another's cell at \(position)")
                    }
                } else if writes.updateValue(cell, forKey: index) != nil {
                    throw ModelViolation("\(entry.id) shares a cell to write at \(position)")
                }
            }
        }
        for (index, cell) in writes { cells[index] = cell }
    }

    private mutating func copy(_ copies: [BlockCopy]) {
        for copy in copies {
            copiedTokenCount += copy.tokenCount
            for offset in 0..<copy.tokenCount {
                cells[Int(copy.target) * blockSize + offset] =
                    cells[Int(copy.source) * blockSize + offset]
            }
        }
    }
}
