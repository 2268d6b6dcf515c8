import MartletEngine
import MartletScheduling
import Testing

@Suite struct PrefixStoreTests {
    private let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
    }
    private let prompt = StoreFixture.prompt(1, blockCount: 5)

    @Test func `what is saved is fetched, block by block`() throws {
        let store = try fixture.open()
        let blocks = StoreFixture.save(prompt, to: store)
        let found = store.fetch(tokens: prompt, limit: 100)
        #expect(found.map(\.index) == [0, 1, 2, 3, 4])
        #expect(found.map(\.key) == blocks.map(\.key))
        #expect(found.map(\.payload) == blocks.map(\.payload))
        #expect(blocks.allSatisfy { store.contains($0.key) })
    }

    @Test func `a store opened again has the blocks of the first`() throws {
        let blocks = StoreFixture.save(prompt, to: try fixture.open())
        let store = try fixture.open()
        #expect(store.fetch(tokens: prompt, limit: 100).map(\.payload) == blocks.map(\.payload))
        #expect(store.statistics.fileCount == 5)
        #expect(store.statistics.byteCount == 5 * StoreFixture.fileByteCount)
    }

    @Test func `a prompt that differs later gets the common beginning`() throws {
        let store = try fixture.open()
        StoreFixture.save(prompt, to: store)
        var other = prompt
        other[9] += 1
        #expect(store.fetch(tokens: other, limit: 100).map(\.index) == [0, 1])
        #expect(store.statistics.hitCount == 2)
        #expect(store.statistics.missCount == 3)
    }

    @Test func `the block of the last token is not asked for`() throws {
        let store = try fixture.open()
        StoreFixture.save(prompt, to: store)
        #expect(store.fetch(tokens: Array(prompt[..<8]), limit: 100).map(\.index) == [0])
        #expect(store.fetch(tokens: Array(prompt[..<9]), limit: 100).map(\.index) == [0, 1])
        #expect(store.fetch(tokens: [], limit: 100).isEmpty)
        #expect(store.fetch(tokens: [1], limit: 100).isEmpty)
    }

    @Test func `blocks in memory are passed over and not read`() throws {
        let store = try fixture.open()
        let blocks = StoreFixture.save(prompt, to: store)
        store.markResident([blocks[0].key, blocks[2].key])
        #expect(store.fetch(tokens: prompt, limit: 100).map(\.index) == [1, 3, 4])
        store.markEvicted([blocks[0].key])
        #expect(store.fetch(tokens: prompt, limit: 100).map(\.index) == [0, 1, 3, 4])
    }

    @Test func `a block in memory need not be on disk`() throws {
        let store = try fixture.open()
        let blocks = StoreFixture.blocks(of: prompt, for: store)
        for block in blocks.dropFirst() { #expect(store.save(block)) }
        store.flush(timeout: .seconds(30))
        #expect(store.fetch(tokens: prompt, limit: 100).isEmpty)
        store.markResident([blocks[0].key])
        #expect(store.fetch(tokens: prompt, limit: 100).map(\.index) == [1, 2, 3, 4])
    }

    @Test func `no more blocks are read than asked for`() throws {
        let store = try fixture.open()
        StoreFixture.save(prompt, to: store)
        #expect(store.fetch(tokens: prompt, limit: 2).map(\.index) == [0, 1])
        #expect(store.fetch(tokens: prompt, limit: 0).isEmpty)
    }

    @Test func `scopes and models do not share`() throws {
        let store = try fixture.open()
        let salted = PrefixScope(cacheSalt: "mine")
        StoreFixture.save(prompt, to: store, scope: salted)
        #expect(store.fetch(tokens: prompt, limit: 100).isEmpty)
        #expect(store.fetch(tokens: prompt, scope: salted, limit: 100).count == 5)
        let other = try fixture.open("another model")
        #expect(other.fetch(tokens: prompt, scope: salted, limit: 100).isEmpty)
        #expect(other.statistics.fileCount == 5)
    }

    @Test func `a block is written once`() throws {
        let store = try fixture.open()
        StoreFixture.save(prompt, to: store)
        StoreFixture.save(prompt, to: store)
        #expect(store.statistics.writtenCount == 5)
        #expect(store.statistics.droppedCount == 0)
    }

    @Test func `a block of the wrong shape is not kept`() throws {
        let store = try fixture.open()
        let block = StoreFixture.blocks(of: prompt, for: store)[0]
        let short = BlockToStore(
            key: block.key, parent: block.parent, tokens: block.tokens,
            payload: Array(block.payload.dropLast()))
        #expect(store.save(short))
        store.flush(timeout: .seconds(30))
        #expect(!store.contains(block.key))
        #expect(store.statistics.droppedCount == 1)
    }

    @Test func `a closed store does nothing more`() throws {
        let store = try fixture.open()
        StoreFixture.save(prompt, to: store)
        store.close()
        #expect(store.fetch(tokens: prompt, limit: 100).isEmpty)
        StoreFixture.save(StoreFixture.prompt(2, blockCount: 1), to: store)
        #expect(fixture.files.count == 5)
    }
}
