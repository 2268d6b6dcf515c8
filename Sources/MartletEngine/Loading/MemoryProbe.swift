#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// How much memory the process may still take, by what the kernel says.
package struct MemoryProbe: Sendable {
    /// Where the kernel's files are; tests point it elsewhere.
    private let root: String

    /// - Parameter root: Put before the paths of the kernel's files.
    package init(root: String = "") {
        self.root = root
    }

    /// Bytes that are free, or can be made free without swapping, within the machine and the
    /// process's cgroup; nil where neither can be read.
    ///
    /// - Source: Linux kernel documentation, `proc(5)` and `cgroup-v2`.
    package var availableByteCount: Int? {
        [machineByteCount, cgroupByteCount].compactMap { $0 }.min()
    }

    private var machineByteCount: Int? {
        guard let text = read("/proc/meminfo") else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("MemAvailable:") {
            let fields = line.split(separator: " ")
            guard fields.count >= 2, let kibibytes = Int(fields[1]) else { return nil }
            return kibibytes.multipliedReportingOverflow(by: 1024).partialValue
        }
        return nil
    }

    private var cgroupByteCount: Int? {
        let groups = [
            ("/sys/fs/cgroup/", "memory.max", "memory.current"),
            ("/sys/fs/cgroup/memory/", "memory.limit_in_bytes", "memory.usage_in_bytes"),
        ]
        for (directory, limitFile, usageFile) in groups {
            // A group without a limit says `max`, which is no number.
            guard let limit = number(directory + limitFile),
                let usage = number(directory + usageFile)
            else { continue }
            let cached = min(cachedByteCount(directory + "memory.stat"), usage)
            return max(0, limit - (usage - cached))
        }
        return nil
    }

    /// Bytes of files' pages that a group is charged for. They can be had as those of the machine.
    private func cachedByteCount(_ path: String) -> Int {
        guard let text = read(path) else { return 0 }
        return text.split(separator: "\n").reduce(0) { sum, line in
            let fields = line.split(separator: " ")
            guard fields.count == 2, ["active_file", "inactive_file"].contains(fields[0]) else {
                return sum
            }
            return sum.addingReportingOverflow(Int(fields[1]) ?? 0).partialValue
        }
    }

    private func number(_ path: String) -> Int? {
        read(path).flatMap { Int($0.filter { !$0.isWhitespace }) }
    }

    private func read(_ path: String) -> String? {
        try? String(contentsOfFile: root + path, encoding: .utf8)
    }
}
