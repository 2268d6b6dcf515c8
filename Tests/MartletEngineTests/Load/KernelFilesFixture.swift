import Foundation
import MartletEngine

/// A directory with the kernel's files as a test wants them.
final class KernelFilesFixture: Sendable {
    let root =
        FileManager.default.temporaryDirectory.path
        + "/kernel-files-\(UInt64.random(in: .min ... .max))"

    init(_ files: [String: String] = [:]) throws {
        for (path, text) in files { try set(path, text) }
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    func set(_ path: String, _ text: String) throws {
        let url = URL(fileURLWithPath: root + path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// Processor time in ticks, since some beginning.
    func setTicks(process: Int, others: Int, idle: Int) throws {
        // Names of programs may hold spaces and parentheses.
        try set(
            "/proc/self/stat",
            "17 (a) b) R 1 17 17 0 -1 4194304 102 0 0 0 \(process - 3) 3 9 9 20 0 1 0 82743\n")
        try set(
            "/proc/stat",
            "cpu  \(process + others - 8) 1 2 \(idle - 6) 6 1 1 3 50 50\ncpu0 1 2 3 4\nintr 1 2\n")
    }
}
