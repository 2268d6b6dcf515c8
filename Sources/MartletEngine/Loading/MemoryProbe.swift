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
        let files = [
            ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
            (
                "/sys/fs/cgroup/memory/memory.limit_in_bytes",
                "/sys/fs/cgroup/memory/memory.usage_in_bytes"
            ),
        ]
        for (limitFile, usageFile) in files {
            // A group without a limit says `max`, which is no number.
            guard let limit = number(limitFile), let usage = number(usageFile) else { continue }
            return max(0, limit - usage)
        }
        return nil
    }

    private func number(_ path: String) -> Int? {
        read(path).flatMap { Int($0.filter { !$0.isWhitespace }) }
    }

    private func read(_ path: String) -> String? {
        try? String(contentsOfFile: root + path, encoding: .utf8)
    }
}
