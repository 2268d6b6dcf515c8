import Foundation
import MartletEngine
import Testing

@Suite(.timeLimit(.minutes(1))) struct PersistentPrefixTests {
    private let fixture: StoreFixture

    init() throws {
        fixture = try StoreFixture()
    }
    private let prefix = String(repeating: "a system prompt. ", count: 6)

    private var settings: TestEngine {
        TestEngine(prefixCacheDirectory: fixture.directory)
    }

    private func ask(_ engine: AsyncEngine, _ text: String) async throws -> GenerationResult {
        let result = try await engine.generate(.text(text, count: 12)).collect()
        let expected = ShadowExecutor.continuation(of: text.utf8.map { Int32($0) }, count: 12)
        #expect(result.completions[0].tokenIDs == expected)
        return result
    }

    @Test func `the first request after a restart finds what was computed before it`()
        async throws
    {
        try await settings.withEngine { engine in
            let result = try await ask(engine, prefix + "one")
            #expect(result.cachedTokenCount == 0)
        }
        try await settings.withEngine { engine in
            let result = try await ask(engine, prefix + "two")
            #expect(result.cachedTokenCount >= prefix.utf8.count / 4 * 4)
        }
    }

    @Test func `what was evicted from memory comes back from disk`() async throws {
        var settings = settings
        settings.blockCount = 40
        try await settings.withEngine { engine in
            _ = try await ask(engine, prefix)
            // Enough of other prompts to take every block.
            for index in 0..<6 {
                _ = try await ask(engine, String(repeating: "other \(index) ", count: 12))
            }
            // The store writes behind the engine's back.
            while engine.gauges.prefixStore?.fileCount ?? 0 < prefix.utf8.count / 4 {
                try await Task.sleep(for: .milliseconds(2))
            }
            #expect(try await ask(engine, prefix + "again").cachedTokenCount > 80)
        }
    }

    @Test func `damaged files are not believed`() async throws {
        try await settings.withEngine { engine in _ = try await ask(engine, prefix) }
        let files = try #require(FileManager.default.enumerator(atPath: fixture.directory))
        for case let name as String in files where name.hasSuffix(".kvblock") {
            let path = "\(fixture.directory)/\(name)"
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[bytes.count - 9] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
        }
        try await settings.withEngine { engine in
            let result = try await ask(engine, prefix)
            #expect(result.cachedTokenCount == 0)
        }
    }

    @Test func `a reset forgets what is on disk as well`() async throws {
        try await settings.withEngine { engine in
            _ = try await ask(engine, prefix)
            #expect(try await engine.resetPrefixCache())
            #expect(try await ask(engine, "something else entirely").cachedTokenCount == 0)
        }
        try await settings.withEngine { engine in
            let result = try await ask(engine, prefix)
            #expect(result.cachedTokenCount == 0)
        }
    }

    @Test func `salted prompts never reach the disk`() async throws {
        try await settings.withEngine { engine in
            var request = GenerationRequest.text(prefix, count: 4)
            request.cacheSalt = "tenant"
            _ = try await engine.generate(request).collect()
        }
        let files = FileManager.default.enumerator(atPath: fixture.directory)
        let blocks = files?.compactMap { $0 as? String }.filter { $0.hasSuffix(".kvblock") }
        #expect(blocks == [])
    }
}
