import MartletTestSupport

/// A directory with the kernel's files as a test wants them.
final class KernelFilesFixture: Sendable {
    private let directory: TemporaryDirectory
    var root: String { directory.path }

    init(_ files: [String: String] = [:]) throws {
        directory = try TemporaryDirectory()
        for (path, text) in files { try set(path, text) }
    }

    func set(_ path: String, _ text: String) throws {
        try directory.write(text, path)
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
