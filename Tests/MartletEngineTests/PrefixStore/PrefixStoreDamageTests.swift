import Foundation
import MartletEngine
import MartletScheduling
import Testing

@Suite struct PrefixStoreDamageTests {
    private let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
    }
    private let prompt = StoreFixture.prompt(1, blockCount: 3)

    @Test func `one changed bit anywhere makes the block missing`() throws {
        let block = StoreFixture.save(prompt, to: try fixture.open())[1]
        let file = try #require(fixture.file(of: block.key))
        let good = try StoreFixture.bytes(file)
        #expect(good.count == StoreFixture.fileByteCount)
        let store = try fixture.open()
        for position in good.indices {
            var bad = good
            bad[position] ^= 1 << UInt8(position % 8)
            try StoreFixture.write(bad, to: file)
            let fresh = position % 16 == 0 ? try fixture.open() : store
            _ = fresh.save(block)
            #expect(fresh.fetch(tokens: prompt, limit: 9).map(\.index) == [0], "\(position)")
            #expect(fixture.file(of: block.key) == nil, "\(position)")
            StoreFixture.save(prompt, to: store)
        }
        #expect(store.fetch(tokens: prompt, limit: 9).count == 3)
    }

    @Test func `a cut file is missing, and deleted when the store opens`() throws {
        let blocks = StoreFixture.save(prompt, to: try fixture.open())
        let file = try #require(fixture.file(of: blocks[1].key))
        let good = try StoreFixture.bytes(file)
        for count in [0, 1, 50, 103, 104, good.count - 1, good.count + 1] {
            let store = try fixture.open()
            try StoreFixture.write(Array((good + [7])[..<count]), to: file)
            #expect(store.fetch(tokens: prompt, limit: 9).map(\.index) == [0])
            #expect(store.statistics.corruptCount == 1)
            try StoreFixture.write(Array((good + [7])[..<count]), to: file)
            #expect(try fixture.open().statistics.corruptCount == 1)
            #expect(!FileManager.default.fileExists(atPath: file))
            try StoreFixture.write(good, to: file)
        }
        #expect(try fixture.open().fetch(tokens: prompt, limit: 9).count == 3)
    }

    @Test func `another block's file under this block's name is missing`() throws {
        let blocks = StoreFixture.save(prompt, to: try fixture.open())
        let first = try #require(fixture.file(of: blocks[0].key))
        let second = try #require(fixture.file(of: blocks[1].key))
        try StoreFixture.write(try StoreFixture.bytes(first), to: second)
        #expect(try fixture.open().fetch(tokens: prompt, limit: 9).map(\.index) == [0])
        #expect(fixture.file(of: blocks[1].key) == nil)
    }

    @Test func `another model's file under this model's folder is missing`() throws {
        let block = StoreFixture.save(prompt, to: try fixture.open())[0]
        let mine = try #require(fixture.file(of: block.key))
        let bytes = try StoreFixture.bytes(mine)
        try FileManager.default.removeItem(atPath: mine)
        StoreFixture.save(prompt, to: try fixture.open("other"))
        let other = try #require(fixture.file(of: block.key))
        try StoreFixture.write(bytes, to: other)
        #expect(try fixture.open("other").fetch(tokens: prompt, limit: 9).isEmpty)
    }

    @Test func `a deleted file is a miss and can be saved again`() throws {
        let store = try fixture.open()
        let blocks = StoreFixture.save(prompt, to: store)
        try FileManager.default.removeItem(atPath: try #require(fixture.file(of: blocks[2].key)))
        #expect(store.fetch(tokens: prompt, limit: 9).map(\.index) == [0, 1])
        #expect(store.statistics.corruptCount == 0)
        #expect(!store.contains(blocks[2].key))
        StoreFixture.save(prompt, to: store)
        #expect(store.fetch(tokens: prompt, limit: 9).count == 3)
    }

    @Test func `a link or a folder in a file's place is not followed`() throws {
        let blocks = StoreFixture.save(prompt, to: try fixture.open())
        let first = try #require(fixture.file(of: blocks[0].key))
        let second = try #require(fixture.file(of: blocks[1].key))
        try FileManager.default.moveItem(atPath: first, toPath: fixture.directory + "/elsewhere")
        let store = try fixture.open()
        try FileManager.default.createSymbolicLink(
            atPath: first, withDestinationPath: fixture.directory + "/elsewhere")
        try FileManager.default.removeItem(atPath: second)
        try FileManager.default.createDirectory(
            atPath: second, withIntermediateDirectories: false)
        #expect(store.fetch(tokens: prompt, limit: 9).isEmpty)
        store.markResident([blocks[0].key])
        #expect(store.fetch(tokens: prompt, limit: 9).isEmpty)
        #expect(try fixture.open().statistics.fileCount == 1)
        #expect(FileManager.default.fileExists(atPath: fixture.directory + "/elsewhere"))
    }

    @Test func `files of others are left alone, old unfinished ones are not`() throws {
        let block = StoreFixture.save(prompt, to: try fixture.open())[0]
        let folder = String(
            try #require(fixture.file(of: block.key)).split(separator: "/").dropLast()
                .joined(separator: "/"))
        for name in ["notes.txt", "zz.kvblock", "1.kvpart", "2.kvpart"] {
            try StoreFixture.write([1, 2, 3], to: "/\(folder)/\(name)")
        }
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3600)],
            ofItemAtPath: "/\(folder)/2.kvpart")
        let store = try fixture.open()
        #expect(store.statistics.fileCount == 3)
        let names = fixture.files.compactMap { $0.split(separator: "/").last.map(String.init) }
        #expect(names.filter { $0.count < 20 } == ["1.kvpart", "notes.txt", "zz.kvblock"])
    }

    @Test func `a damaged manifest is replaced and said`() throws {
        StoreFixture.save(prompt, to: try fixture.open())
        let manifest = fixture.directory + "/manifest"
        var bytes = try StoreFixture.bytes(manifest)
        bytes[10] ^= 1
        try StoreFixture.write(bytes, to: manifest)
        let store = try fixture.open()
        #expect(fixture.log.lines.count == 1)
        #expect(store.fetch(tokens: prompt, limit: 9).isEmpty)
        #expect(store.statistics.fileCount == 3)
        StoreFixture.save(prompt, to: store)
        #expect(try fixture.open().fetch(tokens: prompt, limit: 9).count == 3)
        #expect(fixture.log.lines.count == 1)
    }
}
