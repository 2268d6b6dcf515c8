import Dispatch
import MartletEngine
import MartletScheduling
import MartletTestSupport
import NIOConcurrencyHelpers
import Testing

@Suite struct PrefixStoreConcurrencyTests {
    @Test func `two stores on one directory never read a wrong block`() throws {
        let fixture = try StoreFixture()
        let fileCountMax = 64
        let stores = try (0..<2).map { _ in try fixture.open(files: fileCountMax) }
        let wrong = NIOLockedValueBox<[String]>([])
        let readCount = NIOLockedValueBox(0)
        let seed = UInt64.random(in: .min ... .max)
        DispatchQueue.concurrentPerform(iterations: 8) { worker in
            var generator = SeededGenerator(seed: seed &+ UInt64(worker))
            let store = stores[worker % 2]
            for round in 0..<60 {
                let prompt = StoreFixture.prompt(
                    .random(in: 0..<12, using: &generator),
                    blockCount: .random(in: 1...10, using: &generator))
                for block in StoreFixture.blocks(of: prompt, for: store) { _ = store.save(block) }
                if round % 10 == 0 { store.flush(timeout: .seconds(30)) }
                let found = store.fetch(tokens: prompt, limit: 20)
                let isExact = found.enumerated().allSatisfy {
                    $0.offset == $0.element.index
                        && $0.element.payload == StoreFixture.payload(of: $0.element.key)
                }
                readCount.withLockedValue { $0 += found.count }
                if !isExact { wrong.withLockedValue { $0.append("\(seed) \(worker)") } }
            }
        }
        for store in stores { #expect(store.flush(timeout: .seconds(30))) }
        #expect(wrong.withLockedValue { $0 } == [])
        #expect(readCount.withLockedValue { $0 } > 0)
        #expect(stores.allSatisfy { $0.statistics.corruptCount == 0 })
        // Each store may write a sixteenth of the limit before it looks at the directory again.
        #expect(fixture.files.count <= fileCountMax + 2 * (fileCountMax / 16 + 1) + 1)
    }

    @Test func `stores that open a new directory together agree on the keys`() throws {
        let fixture = try StoreFixture()
        let folders = NIOLockedValueBox<Set<PrefixKey>>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            guard let store = try? fixture.open() else { return }
            _ = folders.withLockedValue {
                $0.insert(store.hasher.key(of: PrefixScope(cacheSalt: "x")))
            }
        }
        #expect(folders.withLockedValue(\.count) == 1)
    }
}
