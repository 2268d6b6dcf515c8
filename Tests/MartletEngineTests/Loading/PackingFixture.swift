import Foundation

/// A directory that is gone after the test.
final class PackingFixture: Sendable {
    let directory: String

    init() throws {
        directory =
            FileManager.default.temporaryDirectory.path
            + "/martlet-packing-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: directory, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    /// Everything in the directory, hidden files included.
    func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory).sorted()
    }

    /// The size of a file.
    func byteCount(of path: String) throws -> Int {
        try Data(contentsOf: URL(filePath: path), options: .mappedIfSafe).count
    }
}
