import Foundation
import MartletEngine
import MartletScheduling
import Testing

@Suite struct PrefixStoreLimitTests {
    private let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
    }

    /// Which blocks of a prompt are on disk.
    private func held(_ seed: Int32, by store: PrefixStore) -> [Int] {
        let prompt = StoreFixture.prompt(seed, blockCount: 3)
        let blocks = StoreFixture.blocks(of: prompt, for: store)
        return blocks.indices.filter { store.contains(blocks[$0].key) }
    }

    @Test func `the least recently used go first, and the last block of a chain first`() throws {
        // Deleting stops at 15/16 of 8 files, so at 7.
        let store = try fixture.open(files: 8)
        for seed in [1, 2] as [Int32] {
            StoreFixture.save(StoreFixture.prompt(seed, blockCount: 3), to: store)
        }
        _ = store.fetch(tokens: StoreFixture.prompt(1, blockCount: 3), limit: 9)
        StoreFixture.save(StoreFixture.prompt(3, blockCount: 3), to: store)
        #expect(held(1, by: store) == [0, 1, 2])
        #expect(held(2, by: store) == [0])
        #expect(held(3, by: store) == [0, 1, 2])
        #expect(fixture.files.count == 7)
        #expect(store.statistics.evictedCount == 2)
        StoreFixture.save(StoreFixture.prompt(4, blockCount: 3), to: store)
        #expect(held(2, by: store) == [])
    }

    @Test func `blocks in memory stay young on disk`() throws {
        let store = try fixture.open(files: 8)
        let first = StoreFixture.prompt(1, blockCount: 3)
        store.markResident(StoreFixture.save(first, to: store).map(\.key))
        StoreFixture.save(StoreFixture.prompt(2, blockCount: 3), to: store)
        #expect(store.fetch(tokens: first, limit: 9).isEmpty)
        StoreFixture.save(StoreFixture.prompt(3, blockCount: 3), to: store)
        #expect(held(1, by: store) == [0, 1, 2])
        #expect(held(2, by: store) == [0])
    }

    @Test func `the order of use survives in the files' dates`() throws {
        let old = try fixture.open()
        for (seed, age) in [(1, 100.0), (2, 300), (3, 200)] {
            let prompt = StoreFixture.prompt(Int32(seed), blockCount: 3)
            for block in StoreFixture.save(prompt, to: old) {
                try FileManager.default.setAttributes(
                    [.modificationDate: Date(timeIntervalSinceNow: -age)],
                    ofItemAtPath: try #require(fixture.file(of: block.key)))
            }
        }
        // A use an hour after the date in the file is written to the file.
        let third = StoreFixture.prompt(3, blockCount: 3)
        #expect(try fixture.open().fetch(tokens: third, limit: 9).count == 3)
        let store = try fixture.open(files: 6)
        store.flush(timeout: .seconds(30))
        #expect(held(3, by: store) == [0, 1, 2])
        #expect(held(1, by: store) == [0, 1])
        #expect(held(2, by: store) == [])
    }

    @Test func `blocks of models no longer served make room`() throws {
        let prompt = StoreFixture.prompt(1, blockCount: 6)
        StoreFixture.save(prompt, to: try fixture.open("old", files: 8))
        let store = try fixture.open("new", files: 8)
        StoreFixture.save(prompt, to: store)
        #expect(store.fetch(tokens: prompt, limit: 9).count == 6)
        #expect(fixture.files.count <= 8)
        #expect(try fixture.open("old", files: 8).fetch(tokens: prompt, limit: 9).count <= 2)
    }

    @Test func `a full queue refuses, and takes the block later`() throws {
        let store = try fixture.open { $0.queuedByteCountMax = StoreFixture.payloadByteCount }
        let prompt = StoreFixture.prompt(1, blockCount: 50)
        var rest = StoreFixture.blocks(of: prompt, for: store)
        var roundCount = 0
        while !rest.isEmpty {
            rest.removeAll { store.save($0) }
            store.flush(timeout: .seconds(30))
            roundCount += 1
            try #require(roundCount <= 51)
        }
        #expect(store.fetch(tokens: prompt, limit: 99).count == 50)
    }

    @Test func `a queue without room refuses everything`() throws {
        let store = try fixture.open { $0.queuedByteCountMax = StoreFixture.payloadByteCount - 1 }
        let block = StoreFixture.blocks(of: StoreFixture.prompt(1, blockCount: 1), for: store)[0]
        #expect(!store.save(block))
        #expect(!store.contains(block.key))
        #expect(store.statistics.droppedCount == 1)
    }

    @Test func `a directory that takes no files is said once and rests`() throws {
        let store = try fixture.open { $0.restAfterFailure = .milliseconds(50) }
        let blocks = StoreFixture.save(StoreFixture.prompt(1, blockCount: 4), to: store)
        let folder = String(
            try #require(fixture.file(of: blocks[0].key)).split(separator: "/").dropLast()
                .joined(separator: "/"))
        try FileManager.default.removeItem(atPath: "/\(folder)")
        try StoreFixture.write([1], to: "/\(folder)")
        for seed in 2..<5 as Range<Int32> {
            StoreFixture.save(StoreFixture.prompt(seed, blockCount: 4), to: store)
            #expect(store.fetch(tokens: StoreFixture.prompt(1, blockCount: 4), limit: 9).isEmpty)
            Thread.sleep(forTimeInterval: 0.06)
        }
        #expect(fixture.log.lines.count == 1)
        #expect(store.statistics.droppedCount == 12)
        try FileManager.default.removeItem(atPath: "/\(folder)")
        let prompt = StoreFixture.prompt(6, blockCount: 4)
        StoreFixture.save(prompt, to: store)
        #expect(store.fetch(tokens: prompt, limit: 9).count == 4)
    }

    @Test(.disabled(if: geteuid() == 0, "the superuser may write everywhere"))
    func `a directory that is only readable still serves what it has`() throws {
        let prompt = StoreFixture.prompt(1, blockCount: 2)
        let block = StoreFixture.save(prompt, to: try fixture.open())[0]
        let file = try #require(fixture.file(of: block.key))
        let folder = "/" + file.split(separator: "/").dropLast().joined(separator: "/")
        for path in [folder, fixture.directory] { chmod(path, 0o500) }
        defer { for path in [fixture.directory, folder] { chmod(path, 0o700) } }
        let store = try fixture.open(files: 2)
        for seed in 2..<4 as Range<Int32> {
            StoreFixture.save(StoreFixture.prompt(seed, blockCount: 2), to: store)
            #expect(store.fetch(tokens: prompt, limit: 9).count == 2)
        }
        #expect(store.statistics.writtenCount == 0)
        #expect(fixture.log.lines.count == 1)
    }

    @Test func `a cleared directory is filled again`() throws {
        let store = try fixture.open()
        let prompt = StoreFixture.prompt(1, blockCount: 2)
        StoreFixture.save(prompt, to: store)
        try FileManager.default.removeItem(atPath: fixture.directory)
        #expect(store.fetch(tokens: prompt, limit: 9).isEmpty)
        StoreFixture.save(StoreFixture.prompt(2, blockCount: 2), to: store)
        #expect(fixture.files.count == 2)
        #expect(fixture.log.lines.isEmpty)
    }

    @Test func `a directory that cannot be is named in the error`() throws {
        let path = "/proc/none/such"
        #expect {
            _ = try PrefixStore.open(
                directory: path, fingerprint: "", byteCountMax: 1 << 20, blockByteCount: 1,
                blockSize: 4, logger: fixture.log.logger)
        } throws: {
            guard case PrefixStoreError.unusable(path, _) = $0 else { return false }
            return "\($0)".contains(path)
        }
    }

    @Test func `a limit below one block is refused`() throws {
        #expect {
            _ = try fixture.open { $0.byteCountMax = StoreFixture.fileByteCount - 1 }
        } throws: {
            guard case PrefixStoreError.tooSmall = $0 else { return false }
            return true
        }
    }
}
