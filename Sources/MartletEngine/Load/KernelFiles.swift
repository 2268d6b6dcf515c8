#if canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#else
import Glibc
#endif

/// The kernel's small files, and the control groups of this process.
struct KernelFiles {
    /// Where the files are; tests point it elsewhere.
    var root = ""

    /// A file's text; nil where there is none.
    func text(_ path: String) -> String? {
        let descriptor = open(root + path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Enough for every file that is read here: of `/proc/stat` only the first line matters.
        let bytes = [UInt8](unsafeUninitializedCapacity: 8192) { buffer, count in
            count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
        }
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// A file of the nearest control group that has it, of version 2 or of version 1's
    /// `controller`.
    func groupText(_ controller: String, _ file: String) -> String? {
        for folder in groups(controller) {
            if let text = text("\(folder)/\(file)") { return text }
        }
        return nil
    }

    /// What each control group with a limit lets its processes use, and what of it is left. Cached
    /// files are left: the kernel gives them up before it lets a process fail.
    var groupMemories: [(limit: Int, available: Int)] {
        groups("memory").compactMap { folder in
            let limit = number("\(folder)/memory.max", "\(folder)/memory.limit_in_bytes")
            let usage = number("\(folder)/memory.current", "\(folder)/memory.usage_in_bytes")
            // Version 1 says "no limit" by a number beyond all memory.
            guard let limit, let usage, limit < 1 << 60 else { return nil }
            let statistics = text("\(folder)/memory.stat") ?? ""
            let cached =
                [("inactive_file", "active_file"), ("total_inactive_file", "total_active_file")]
                .map { names in
                    (LoadSample.field(names.0, of: statistics) ?? 0)
                        &+ (LoadSample.field(names.1, of: statistics) ?? 0)
                }.max() ?? 0
            let used = usage.subtractingReportingOverflow(cached).partialValue
            return (limit, max(0, limit - max(0, used)))
        }
    }

    private func number(_ paths: String...) -> Int? {
        for path in paths {
            guard let text = text(path) else { continue }
            return text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
        }
        return nil
    }

    /// The folders of this process's control groups, the nearest first. A container often sees the
    /// hierarchy mounted at its own group, so that the path in `/proc/self/cgroup` does not exist;
    /// going up to the mount finds the group there.
    private func groups(_ controller: String) -> [String] {
        var folders: [String] = []
        for line in (text("/proc/self/cgroup") ?? "0::/").split(separator: "\n") {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            let parts = fields[2].split(separator: "/")
            let paths = (0...parts.count).reversed().map { count in
                parts.prefix(count).map { "/\($0)" }.joined()
            }
            if fields[1].isEmpty {
                folders += paths.map { "/sys/fs/cgroup\($0)" }
            } else if fields[1].split(separator: ",").contains(controller[...]) {
                folders += paths.map { "/sys/fs/cgroup/\(fields[1])\($0)" }
                folders += paths.map { "/sys/fs/cgroup/\(controller)\($0)" }
            }
        }
        return folders
    }
}
