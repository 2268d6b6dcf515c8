/// Which blocks of the KV cache have memory of the system's, and which get it next.
///
/// A page costs most when it is first written: the system has to find and clear it. Idle time can
/// pay that ahead. Blocks are first used in ascending order, so the ready ones are those below a
/// mark, which keeps ahead of what was used by as much again and a little more.
package struct BlockReadiness {
    /// The memory that is made ready at a time: short enough for a request to wait for.
    package static let sliceByteCount = 2 << 20
    /// What is ready before any block was used, in bytes of all layers.
    package static let minimumByteCount = 64 << 20

    private let blockCount: Int
    private let layerCount: Int
    private let blocksPerSlice: Int
    private let minimumBlockCount: Int
    private var readyCount = 0
    private var usedCount = 0
    private var nextLayer = 0

    /// - Parameter layerBlockByteCount: Bytes of one block of one layer.
    package init(blockCount: Int, layerCount: Int, layerBlockByteCount: Int) {
        self.blockCount = blockCount
        self.layerCount = layerCount
        blocksPerSlice = max(1, Self.sliceByteCount / layerBlockByteCount)
        minimumBlockCount = Self.minimumByteCount / (layerBlockByteCount * layerCount)
    }

    /// Notes that all blocks up to this one have been written.
    package mutating func noteUse(of block: Int) {
        usedCount = max(usedCount, block + 1)
    }

    /// The blocks of one layer to make ready now; nil where enough are.
    package mutating func next() -> (layer: Int, blocks: Range<Int>)? {
        if usedCount > readyCount {
            readyCount = usedCount
            nextLayer = 0
        }
        let target = min(blockCount, 2 * usedCount + minimumBlockCount)
        guard readyCount < target else { return nil }
        let end = min(blockCount, readyCount + blocksPerSlice)
        let slice = (layer: nextLayer, blocks: readyCount..<end)
        nextLayer += 1
        if nextLayer == layerCount {
            nextLayer = 0
            readyCount = end
        }
        return slice
    }
}
