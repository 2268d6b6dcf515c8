import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What runs on the machine, by `/proc`; empty where there is none.
package struct ProcessTable: Sendable {
    private let processes: [ProcessStat]

    package init(_ processes: [ProcessStat]) {
        self.processes = processes
    }

    package static func now() -> ProcessTable {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return ProcessTable(
            names.compactMap { Int($0) }.compactMap { pid in
                text("/proc/\(pid)/stat").flatMap(ProcessStat.init(parsing:))
            })
    }

    static func text(_ path: String) -> String? {
        try? String(contentsOfFile: path, encoding: .utf8)
    }

    /// Ticks of the kernel's clock in a second.
    static let ticksPerSecond = Double(max(1, sysconf(Int32(_SC_CLK_TCK))))

    /// The process and all that it started, as far as they have not ended.
    package func tree(of root: Int) -> [ProcessStat] {
        var found = processes.filter { $0.pid == root && $0.isAlive }
        var seen: Set = [root]
        var parents = seen
        while true {
            let children = processes.filter {
                parents.contains($0.parent) && !seen.contains($0.pid) && $0.isAlive
            }
            if children.isEmpty { return found }
            found += children
            parents = Set(children.map(\.pid))
            seen.formUnion(parents)
        }
    }

    /// Whether a process of the group has not ended.
    package func hasGroup(_ group: Int) -> Bool {
        processes.contains { $0.group == group && $0.isAlive }
    }
}
