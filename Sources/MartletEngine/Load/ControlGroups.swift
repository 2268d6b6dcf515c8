/// The control groups of this process, of version 2 and of version 1.
///
/// - Source: Linux kernel documentation, `cgroup-v1` and `cgroup-v2`.
struct ControlGroups {
    private let files: KernelFiles
    /// A line of `/proc/self/cgroup`: version 1's controllers, none for version 2, and the group.
    private let groups: [(controllers: [Substring], path: Substring)]

    init(_ files: KernelFiles) {
        self.files = files
        let text = files.text("/proc/self/cgroup") ?? "0::/"
        groups = text.utf8.split(separator: UInt8(ascii: "\n")).compactMap { line in
            let fields = line.split(
                separator: UInt8(ascii: ":"), maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { return nil }
            let controllers = fields[1].split(separator: UInt8(ascii: ","))
            return (controllers.map { Substring($0) }, Substring(fields[2]))
        }
    }

    /// A file of the nearest group that has it, of version 2 or of version 1's `controller`.
    func text(_ controller: String, _ file: String) -> String? {
        for folder in folders(controller) {
            if let text = files.text("\(folder)/\(file)") { return text }
        }
        return nil
    }

    /// What each group with a limit lets its processes use, and what of it is left. Cached files
    /// are left: the kernel gives them up before it lets a process fail.
    var memories: [(limit: Int, available: Int)] {
        folders("memory").compactMap { folder in
            let limit = number("\(folder)/memory.max", "\(folder)/memory.limit_in_bytes")
            // Version 1 says "no limit" by a number beyond all memory.
            guard let limit, limit < 1 << 60 else { return nil }
            let usage = number("\(folder)/memory.current", "\(folder)/memory.usage_in_bytes")
            guard let usage else { return nil }
            let statistics = files.text("\(folder)/memory.stat") ?? ""
            let cached =
                ["", "total_"].map { prefix in
                    ["inactive_file", "active_file"].reduce(0) { sum, name in
                        sum &+ (KernelFiles.field(prefix + name, of: statistics) ?? 0)
                    }
                }.max() ?? 0
            let used = usage.subtractingReportingOverflow(cached).partialValue
            return (limit, max(0, limit - max(0, used)))
        }
    }

    private func number(_ paths: String...) -> Int? {
        for path in paths {
            guard let text = files.text(path) else { continue }
            return text.split(whereSeparator: \.isWhitespace).first.flatMap { Int($0) }
        }
        return nil
    }

    /// The folders of this process's groups, the nearest first. A container often sees the
    /// hierarchy mounted at its own group, so that the path in `/proc/self/cgroup` does not exist;
    /// going up to the mount finds the group there.
    private func folders(_ controller: String) -> [String] {
        groups.flatMap { group -> [String] in
            let parts = group.path.split(separator: "/")
            let paths = (0...parts.count).reversed().map { count in
                parts.prefix(count).map { "/\($0)" }.joined()
            }
            if group.controllers.isEmpty { return paths.map { "/sys/fs/cgroup\($0)" } }
            guard group.controllers.contains(controller[...]) else { return [] }
            let mounts = [group.controllers.joined(separator: ","), controller]
            return (group.controllers.count == 1 ? mounts.suffix(1) : mounts[...]).flatMap {
                mount in paths.map { "/sys/fs/cgroup/\(mount)\($0)" }
            }
        }
    }
}
