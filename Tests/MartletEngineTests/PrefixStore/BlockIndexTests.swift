import MartletEngine
import MartletScheduling
import MartletTestSupport
import Testing

@Suite struct BlockIndexTests {
    private func block(_ key: UInt64, parent: UInt64, use: Int64, byteCount: Int = 10)
        -> ListedBlock
    {
        let folder = PrefixKey(low: 0, high: 0)
        return ListedBlock(
            address: BlockAddress(folder: folder, key: PrefixKey(low: key, high: 1)),
            parent: PrefixKey(low: parent, high: 1), byteCount: byteCount, use: use)
    }

    @Test func `what is deleted is the oldest block that has no child`() throws {
        let seed = UInt64.random(in: .min ... .max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<30 {
            var index = BlockIndex()
            var model: [UInt64: ListedBlock] = [:]
            for step in 1...200 {
                let key = UInt64.random(in: 1...60, using: &generator)
                switch Int.random(in: 0..<10, using: &generator) {
                case 0: model[key].map { index.remove($0.address) }; model[key] = nil
                case 1:
                    if let known = model[key] {
                        _ = index.touch(known.address, at: Int64(step) * 100)
                        model[key] = self.block(
                            key, parent: known.parent.low, use: max(known.use, Int64(step) * 100),
                            byteCount: known.byteCount)
                    }
                case 2:
                    let limit = index.byteCount * 3 / 4
                    var expected: [UInt64] = []
                    while model.values.reduce(0, { $0 + $1.byteCount }) > limit {
                        let parents = Set(model.values.map(\.parent.low))
                        let leaves = model.filter { !parents.contains($0.key) }
                        guard
                            let next = leaves.min(by: {
                                ($0.value.use, $0.key) < ($1.value.use, $1.key)
                            })
                        else { break }
                        expected.append(next.key)
                        model[next.key] = nil
                    }
                    let removed = index.trim(toByteCount: limit)
                    try #require(
                        removed.map(\.address.key.low) == expected, "seed \(seed), round \(round)")
                default:
                    let block = block(
                        key, parent: .random(in: 0..<key, using: &generator),
                        use: .random(in: 0..<20_000, using: &generator),
                        byteCount: .random(in: 1...9, using: &generator))
                    index.insert(block)
                    model[key] = block
                }
                try #require(index.violation == nil, "seed \(seed), round \(round), step \(step)")
                try #require(index.count == model.count)
            }
        }
    }

    @Test func `blocks chained in a circle can be deleted`() {
        var index = BlockIndex()
        index.insert(block(1, parent: 2, use: 5))
        index.insert(block(2, parent: 1, use: 4))
        let removed = index.trim(toByteCount: 10)
        #expect(removed.map(\.address.key.low) == [2])
        #expect(index.violation == nil)
    }

    @Test func `a listing replaces what was known but for later uses`() {
        var index = BlockIndex()
        index.insert(block(1, parent: 0, use: 1))
        index.insert(block(2, parent: 0, use: 2))
        index.insert(block(3, parent: 0, use: 3))
        _ = index.touch(block(1, parent: 0, use: 0).address, at: 9)
        index.replace(by: [
            block(1, parent: 0, use: 1), block(2, parent: 0, use: 2), block(4, parent: 0, use: 4),
        ])
        let removed = index.trim(toByteCount: 0)
        #expect(removed.map(\.address.key.low) == [2, 4, 1])
    }

    @Test func `a file is dated anew after a minute`() {
        var index = BlockIndex()
        let block = block(1, parent: 0, use: 0)
        index.insert(block)
        let minute: Int64 = 60_000_000_000
        let times = [minute, minute + 1, minute + 2, 2 * minute + 2]
        let isStale = times.map { index.touch(block.address, at: $0) }
        #expect(isStale == [false, true, false, true])
    }
}
