import MartletScheduling
import Testing

struct PrefixCacheTests {
    /// A cache of blocks of two tokens, with the tables that were published into it.
    private struct Fixture {
        let hasher: PrefixHasher
        var cache: PrefixCache

        init(significantBitCount: Int = 128) {
            hasher = PrefixHasher(key0: 1, key1: 2, significantBitCount: significantBitCount)
            cache = PrefixCache(blockSize: 2, blockCount: 16, hasher: hasher)
        }

        func makeTable(salt: String? = nil) -> BlockTable {
            let scope = PrefixScope(cacheSalt: salt)
            return BlockTable(scope: scope, scopeKey: hasher.key(of: scope))
        }

        mutating func publish(_ tokens: [Int32], in blocks: [Int32], salt: String? = nil) throws {
            var table = makeTable(salt: salt)
            table.blocks = blocks
            cache.publish(&table, tokens: tokens, tokenCount: tokens.count)
            try cache.checkInvariants()
        }

        func find(_ tokens: [Int32], salt: String? = nil) -> [Int32] {
            var table = makeTable(salt: salt)
            return cache.prefix(of: tokens, blockCount: tokens.count / 2, table: &table)
        }
    }

    @Test func `finds the blocks of the longest common prefix`() throws {
        var fixture = Fixture()
        try fixture.publish([1, 2, 3, 4, 5, 6, 7], in: [9, 3, 5, 0])
        #expect(fixture.cache.count == 3)
        #expect(fixture.find([1, 2, 3, 4, 5, 6, 7, 8]) == [9, 3, 5])
        #expect(fixture.find([1, 2, 3, 4, 0, 6]) == [9, 3])
        #expect(fixture.find([1, 2, 3]) == [9])
        #expect(fixture.find([1]).isEmpty)
        #expect(fixture.find([3, 4]).isEmpty)
        #expect(!fixture.cache.contains(0))
    }

    @Test func `publishing goes on where it stopped`() throws {
        var fixture = Fixture()
        var table = fixture.makeTable()
        let tokens: [Int32] = [1, 2, 3, 4, 5, 6]
        table.blocks = [4, 5, 6]
        for tokenCount in 0...6 {
            fixture.cache.publish(&table, tokens: tokens, tokenCount: tokenCount)
            #expect(fixture.find(tokens) == Array([4, 5, 6].prefix(tokenCount / 2)))
        }
    }

    @Test func `of equal blocks the first stays, and children of the second follow it`() throws {
        var fixture = Fixture()
        try fixture.publish([1, 2], in: [0])
        try fixture.publish([1, 2, 3, 4], in: [7, 8])
        #expect(fixture.find([1, 2, 3, 4]) == [0, 8])
        #expect(!fixture.cache.contains(7))
    }

    @Test func `salts keep their blocks apart`() throws {
        var fixture = Fixture()
        try fixture.publish([1, 2], in: [0], salt: "a")
        #expect(fixture.find([1, 2], salt: "a") == [0])
        #expect(fixture.find([1, 2], salt: "b").isEmpty)
        #expect(fixture.find([1, 2], salt: "").isEmpty)
        #expect(fixture.find([1, 2]).isEmpty)
    }

    @Test func `colliding keys never serve another's tokens`() throws {
        var fixture = Fixture(significantBitCount: 0)
        try fixture.publish([1, 2], in: [0])
        #expect(fixture.find([1, 2]) == [0])
        #expect(fixture.find([1, 3]).isEmpty)
        #expect(fixture.find([1, 2], salt: "a").isEmpty)
        try fixture.publish([5, 6], in: [1])
        #expect(fixture.find([5, 6]) == [1])
        #expect(fixture.find([1, 2]).isEmpty)
    }

    @Test func `colliding parents never serve each other's children`() throws {
        // One bit: among some first blocks, two have equal keys, and so do equal children.
        var fixture = Fixture(significantBitCount: 1)
        for first in 0..<8 as Range<Int32> {
            for second in 0..<8 as Range<Int32> where first != second {
                try fixture.publish([first, 0, 4, 4], in: [0, 1])
                try fixture.publish([second, 0], in: [2])
                let found = fixture.find([second, 0, 4, 4])
                #expect(found == [2])
                for block in 0..<3 as Range<Int32> { fixture.cache.remove(block) }
            }
        }
    }

    @Test func `a removed block hides what follows until the parent is there again`() throws {
        var fixture = Fixture()
        try fixture.publish([1, 2, 3, 4], in: [0, 1])
        fixture.cache.remove(0)
        #expect(fixture.find([1, 2, 3, 4]).isEmpty)
        try fixture.publish([1, 2, 3, 4], in: [5, 6])
        #expect(fixture.find([1, 2, 3, 4]) == [5, 6])
        #expect(!fixture.cache.contains(1))
    }

    @Test func `after removing everything nothing is found`() throws {
        var fixture = Fixture()
        try fixture.publish([1, 2, 3, 4], in: [0, 1], salt: "a")
        fixture.cache.removeAll()
        try fixture.cache.checkInvariants()
        #expect(fixture.cache.count == 0)
        #expect(fixture.find([1, 2, 3, 4], salt: "a").isEmpty)
    }
}
