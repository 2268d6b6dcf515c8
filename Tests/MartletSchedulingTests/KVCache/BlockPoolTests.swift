import MartletScheduling
import MartletTestSupport
import Testing

struct BlockPoolTests {
    @Test func `every block is handed out once and then none`() throws {
        var pool = BlockPool(blockCount: 5)
        let blocks = (0..<5).compactMap { _ in pool.allocate() }
        #expect(Set(blocks) == [0, 1, 2, 3, 4])
        #expect(pool.allocate() == nil)
        #expect(pool.freeBlockCount == 0)
        try pool.checkInvariants()
    }

    @Test func `an empty pool hands out nothing`() throws {
        var pool = BlockPool(blockCount: 0)
        #expect(pool.allocate() == nil)
        try pool.checkInvariants()
    }

    @Test func `blocks without content are used before blocks with content`() throws {
        var pool = BlockPool(blockCount: 4)
        for _ in 0..<4 { _ = pool.allocate() }
        pool.release(2, keepsContent: true)
        pool.release(0, keepsContent: false)
        pool.release(3, keepsContent: true)
        pool.release(1, keepsContent: false)
        #expect(pool.freeBlocks == [1, 0, 2, 3])
        try pool.checkInvariants()
    }

    @Test func `a block held twice is free after two releases`() throws {
        var pool = BlockPool(blockCount: 1)
        let allocated = pool.allocate()
        let block = try #require(allocated)
        pool.retain(block)
        #expect(pool.referenceCount(of: block) == 2)
        pool.release(block, keepsContent: true)
        #expect(pool.allocate() == nil)
        pool.release(block, keepsContent: true)
        #expect(pool.allocate() == block)
    }

    @Test(arguments: 0..<4 as Range<Int32>)
    func `a free block can be taken out of the list wherever it is`(block: Int32) throws {
        var pool = BlockPool(blockCount: 4)
        pool.retain(block)
        try pool.checkInvariants()
        #expect(pool.freeBlocks == [0, 1, 2, 3].filter { $0 != block })
        #expect(!pool.isFree(block))
    }

    @Test(arguments: [1, UInt64.random(in: .min ... .max)])
    func `random use agrees with a plain list`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var pool = BlockPool(blockCount: 12)
        var free = Array(0..<12 as Range<Int32>)
        var held: [Int32] = []
        for _ in 0..<5_000 {
            switch Int.random(in: 0..<3, using: &generator) {
            case 0:
                let block = pool.allocate()
                try #require(block == free.first, "seed \(seed)")
                held += free.prefix(1)
                free = Array(free.dropFirst())
            case 1:
                let block = Int32.random(in: 0..<12, using: &generator)
                pool.retain(block)
                free.removeAll { $0 == block }
                held.append(block)
            default:
                guard let index = held.indices.randomElement(using: &generator) else { break }
                let block = held.remove(at: index)
                let keepsContent = generator.chance(50)
                pool.release(block, keepsContent: keepsContent)
                if !held.contains(block) {
                    free.insert(block, at: keepsContent ? free.count : 0)
                }
            }
            try #require(pool.freeBlocks == free, "seed \(seed)")
            try pool.checkInvariants()
        }
    }
}
