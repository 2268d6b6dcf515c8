import MartletScheduling
import Testing

struct KVCacheManagerTests {
    private func makeManager(blockCount: Int) -> KVCacheManager {
        KVCacheManager(
            blockSize: 2, blockCount: blockCount, prefixHasher: PrefixHasher(key0: 1, key1: 2))
    }

    private func store(_ tokens: [Int32], in manager: inout KVCacheManager) -> BlockTable {
        var table = manager.makeTable(scope: PrefixScope())
        #expect(manager.grow(&table, toCover: tokens.count) == true)
        manager.publish(&table, tokens: tokens, tokenCount: tokens.count)
        return table
    }

    private func find(_ tokens: [Int32], in manager: KVCacheManager) -> [Int32] {
        var table = manager.makeTable(scope: PrefixScope())
        return manager.prefix(of: tokens, table: &table)
    }

    @Test func `a table grows to cover its tokens or not at all`() throws {
        var manager = makeManager(blockCount: 3)
        var table = manager.makeTable(scope: PrefixScope())
        #expect(manager.grow(&table, toCover: 3) == true)
        #expect(table.count == 2)
        #expect(manager.grow(&table, toCover: 4) == true)
        #expect(table.count == 2)
        #expect(manager.grow(&table, toCover: 7) == false)
        #expect(table.count == 2)
        #expect(manager.grow(&table, toCover: 5) == true)
        #expect(manager.pool.freeBlockCount == 0)
        try manager.checkInvariants()
    }

    @Test func `freed blocks stay findable until reused, the deepest reused first`() throws {
        var manager = makeManager(blockCount: 3)
        let tokens: [Int32] = [1, 2, 3, 4, 5, 6, 7]
        var table = store(Array(tokens.prefix(6)), in: &manager)
        let blocks = table.blocks
        manager.release(&table)
        #expect(table.count == 0)
        for remaining in [3, 2, 1, 0] {
            #expect(find(tokens, in: manager) == Array(blocks.prefix(remaining)))
            var other = manager.makeTable(scope: PrefixScope())
            let isGrown = manager.grow(&other, toCover: 1)
            #expect(isGrown == (remaining > 0))
        }
        try manager.checkInvariants()
    }

    @Test func `blocks of nothing are reused before blocks of something`() throws {
        var manager = makeManager(blockCount: 3)
        var full = store([1, 2], in: &manager)
        var partial = store([9], in: &manager)
        let partialBlocks = partial.blocks
        manager.release(&full)
        manager.release(&partial)
        var other = manager.makeTable(scope: PrefixScope())
        #expect(manager.grow(&other, toCover: 2) == true)
        #expect(other.blocks == partialBlocks)
        #expect(find([1, 2, 3], in: manager).count == 1)
    }

    @Test func `the least recently used content is reused first`() throws {
        var manager = makeManager(blockCount: 2)
        var first = store([1, 2], in: &manager)
        var second = store([3, 4], in: &manager)
        manager.release(&first)
        manager.release(&second)
        var again = manager.makeTable(scope: PrefixScope())
        manager.adopt(manager.prefix(of: [1, 2, 0], table: &again), into: &again)
        manager.release(&again)
        var other = manager.makeTable(scope: PrefixScope())
        #expect(manager.grow(&other, toCover: 2) == true)
        #expect(find([1, 2, 0], in: manager).count == 1)
        #expect(find([3, 4, 0], in: manager).isEmpty)
    }

    @Test func `at least one token remains to be computed`() throws {
        var manager = makeManager(blockCount: 4)
        _ = store([1, 2, 3, 4], in: &manager)
        #expect(find([1, 2, 3, 4], in: manager).count == 1)
        #expect(find([1, 2, 3, 4, 5], in: manager).count == 2)
        #expect(find([1], in: manager).isEmpty)
    }

    @Test func `a prefix is shared, and its free blocks are no longer free`() throws {
        var manager = makeManager(blockCount: 4)
        var owner = store([1, 2, 3, 4], in: &manager)
        var sharer = manager.makeTable(scope: PrefixScope())
        let prefix = manager.prefix(of: [1, 2, 3, 4, 5], table: &sharer)
        #expect(manager.freeBlockCount(taking: prefix, andUpTo: 5) == 1)
        manager.adopt(prefix, into: &sharer)
        #expect(manager.pool.freeBlockCount == 2)
        manager.release(&owner)
        #expect(manager.pool.freeBlockCount == 2)
        manager.release(&sharer)
        #expect(manager.pool.freeBlockCount == 4)
        #expect(manager.freeBlockCount(taking: prefix, andUpTo: 5) == 1)
        try manager.checkInvariants()
    }

    @Test func `nothing is found when prefix caching is off`() throws {
        var manager = KVCacheManager(blockSize: 2, blockCount: 4, prefixHasher: nil)
        _ = store([1, 2, 3, 4], in: &manager)
        #expect(find([1, 2, 3, 4, 5], in: manager).isEmpty)
    }
}
