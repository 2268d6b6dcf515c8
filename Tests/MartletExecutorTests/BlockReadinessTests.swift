import MartletExecutor
import Testing

@Suite struct BlockReadinessTests {
    private static let slice = BlockReadiness.sliceByteCount

    /// Makes everything ready that is due, and returns how many blocks that are in each layer.
    private func settle(_ readiness: inout BlockReadiness, layers: Int = 3) -> [Set<Int>] {
        var ready = Array(repeating: Set<Int>(), count: layers)
        while let next = readiness.next() { ready[next.layer].formUnion(next.blocks) }
        return ready
    }

    @Test func `as much as was used is ready ahead, and a little before anything was`() {
        // 7 blocks of a layer are a slice of 2 MiB; 64 MiB are 73 blocks of all three.
        var readiness = BlockReadiness(
            blockCount: 1000, layerCount: 3, layerBlockByteCount: Self.slice / 7)
        let little = BlockReadiness.minimumByteCount / (3 * (Self.slice / 7))
        let first = settle(&readiness)
        for blocks in first {
            #expect(blocks.isSuperset(of: 0..<little))
            #expect(blocks.count < little + 7)
        }
        readiness.noteUse(of: 199)
        let second = settle(&readiness)
        for blocks in second {
            #expect(blocks.isSuperset(of: 200..<400 + little))
            #expect(blocks.count < 200 + little + 7)
        }
        readiness.noteUse(of: 10)
        let next = readiness.next()
        #expect(next?.layer == nil)
    }

    @Test func `no block beyond the last is made ready`() {
        var readiness = BlockReadiness(
            blockCount: 10, layerCount: 3, layerBlockByteCount: Self.slice / 7)
        #expect(settle(&readiness) == Array(repeating: Set(0..<10), count: 3))
        readiness.noteUse(of: 9)
        let next = readiness.next()
        #expect(next?.layer == nil)
    }

    @Test func `blocks that came into use meanwhile are not made ready again`() {
        var readiness = BlockReadiness(
            blockCount: 1000, layerCount: 3, layerBlockByteCount: 2 * Self.slice)
        let first = [readiness.next(), readiness.next()].map { $0?.layer }
        #expect(first == [0, 1])
        readiness.noteUse(of: 40)
        let next = readiness.next()
        #expect(next?.layer == 0 && next?.blocks == 41..<42)
    }
}
