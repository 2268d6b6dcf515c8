import Foundation
import Logging
import MartletEngine
import MartletScheduling
import MartletTestSupport
import NIOConcurrencyHelpers

/// A directory that is gone after the test, with stores of small blocks on it.
final class StoreFixture: Sendable {
    static let payloadByteCount = 64
    /// Header, 4 tokens, payload.
    static let fileByteCount = 88 + 16 + 64

    private let parent: TemporaryDirectory
    var directory: String { parent.path + "/cache" }
    let log = LogRecorder()

    init() throws {
        parent = try TemporaryDirectory()
    }

    func open(
        _ fingerprint: String = "model", files: Int = 1000,
        changing change: (inout PrefixStoreLimits) -> Void = { _ in }
    ) throws -> PrefixStore {
        var limits = PrefixStoreLimits(
            byteCountMax: files * Self.fileByteCount, blockByteCount: Self.payloadByteCount,
            blockSize: 4)
        change(&limits)
        return try PrefixStore.open(
            directory: directory, fingerprint: fingerprint, limits: limits, logger: log.logger)
    }

    /// A prompt of `blockCount` full blocks and one token, different for each seed.
    static func prompt(_ seed: Int32, blockCount: Int) -> [Int32] {
        (0...Int32(blockCount) * 4).map { seed &* 1000 &+ $0 }
    }

    /// All full blocks of a prompt, with keys and values that only they have.
    static func blocks(
        of tokens: [Int32], for store: PrefixStore, scope: PrefixScope = PrefixScope()
    ) -> [BlockToStore] {
        var parent = store.hasher.key(of: scope)
        return (0..<tokens.count / 4).map { index in
            let range = index * 4..<index * 4 + 4
            let key = store.hasher.key(of: tokens, in: range, following: parent)
            defer { parent = key }
            return BlockToStore(
                key: key, parent: parent, tokens: Array(tokens[range]), payload: payload(of: key))
        }
    }

    static func payload(of key: PrefixKey) -> [UInt8] {
        var generator = SeededGenerator(seed: key.low ^ key.high)
        return (0..<payloadByteCount).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
    }

    /// Saves the prompt's blocks and waits until they are on disk.
    @discardableResult
    static func save(
        _ tokens: [Int32], to store: PrefixStore, scope: PrefixScope = PrefixScope()
    ) -> [BlockToStore] {
        let blocks = blocks(of: tokens, for: store, scope: scope)
        for block in blocks { _ = store.save(block) }
        store.flush(timeout: .seconds(30))
        return blocks
    }

    // MARK: Files

    /// All files below the directory, without the manifest.
    var files: [String] {
        let paths = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []
        return paths.filter { $0.contains("/") }.map { "\(directory)/\($0)" }.sorted()
    }

    func file(of key: PrefixKey) -> String? {
        let digits = [key.high, key.low].map {
            let text = String($0, radix: 16)
            return String(repeating: "0", count: 16 - text.count) + text
        }.joined()
        return files.first { $0.split(separator: "/").last?.hasPrefix(digits + "-") ?? false }
    }

    static func bytes(_ file: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: file)))
    }

    static func write(_ bytes: [UInt8], to file: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: file))
    }
}

/// Keeps what is logged.
final class LogRecorder: Sendable {
    private let messages = NIOLockedValueBox<[String]>([])

    var lines: [String] { messages.withLockedValue { $0 } }

    var logger: Logger { Logger(label: "test") { _ in Handler(recorder: self) } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            recorder.messages.withLockedValue { $0.append("\(event.level): \(event.message)") }
        }
    }
}
