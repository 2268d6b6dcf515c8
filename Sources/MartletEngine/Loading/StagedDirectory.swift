import MartletModels

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A directory that gets its name when everything in it is complete and on the disk.
///
/// Until then it lies beside its future place, hidden. A process that is killed leaves it there.
struct StagedDirectory {
    /// Where it lies for now.
    let path: String
    private let target: String
    private let replaces: Bool

    /// - Parameter replaces: Whether an earlier packed model may stand at `target`.
    /// - Throws: ``EngineError`` where `target` is taken, or its parent cannot be written.
    init(for target: String, replaces: Bool) throws(EngineError) {
        let url = URL(filePath: target, directoryHint: .isDirectory).standardizedFileURL
        self.target = Self.withoutSlash(url.path)
        self.replaces = replaces
        let name = url.lastPathComponent
        try Self.check(self.target, replaces: replaces)
        let parent = Self.withoutSlash(url.deletingLastPathComponent().path)
        let suffix = String(UInt32.random(in: 0...UInt32.max), radix: 16)
        path = "\(parent)/.\(name).partial-\(suffix)"
        guard mkdir(path, 0o755) == 0 else {
            throw Self.failure(path, String(cString: strerror(errno)))
        }
    }

    private static func withoutSlash(_ path: String) -> String {
        path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    private static func failure(_ path: String, _ reason: String) -> EngineError {
        EngineError(.loadingFailed, "\(path): cannot be written: \(reason)")
    }

    private static func check(_ target: String, replaces: Bool) throws(EngineError) {
        guard access(target, F_OK) == 0 else { return }
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: target) else {
            throw failure(target, "it exists and is no directory that can be read")
        }
        if names.isEmpty { return }
        guard replaces else { throw failure(target, "the directory is not empty") }
        // What somebody else keeps there is not thrown away, whatever was typed.
        let own = Set(ModelPacker.copiedFiles + ["config.json", ModelRegistry.packedFileName])
        guard names.contains(ModelRegistry.packedFileName), own.isSuperset(of: names) else {
            throw failure(target, "the directory holds something else than a packed model")
        }
    }

    /// Writes a small file into the directory.
    func write(_ data: Data, _ name: String) throws(EngineError) {
        let file = path + "/" + name
        do {
            try data.write(to: URL(filePath: file))
        } catch {
            throw Self.failure(file, "\(error)")
        }
        try Self.synchronize(file)
    }

    /// Gives the directory its name.
    func commit() throws(EngineError) {
        try Self.synchronize(path)
        // An empty directory gives way by itself; one with files has to be moved.
        if rename(path, target) != 0 {
            guard replaces, [EEXIST, ENOTEMPTY].contains(errno) else {
                throw Self.failure(target, String(cString: strerror(errno)))
            }
            try replace()
        }
        let parent = URL(filePath: target).deletingLastPathComponent().path
        try Self.synchronize(Self.withoutSlash(parent))
    }

    private func replace() throws(EngineError) {
        try Self.check(target, replaces: replaces)
        let earlier = path + "-replaced"
        guard rename(target, earlier) == 0 else {
            throw Self.failure(target, String(cString: strerror(errno)))
        }
        guard rename(path, target) == 0 else {
            let reason = String(cString: strerror(errno))
            _ = rename(earlier, target)
            throw Self.failure(target, reason)
        }
        try? FileManager.default.removeItem(atPath: earlier)
    }

    /// Deletes what was written so far.
    func abandon() {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Waits until a file, or the names in a directory, are on the disk.
    private static func synchronize(_ path: String) throws(EngineError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure(path, String(cString: strerror(errno))) }
    }
}
