#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Reads the processor quota of this process's control group, versions 1 and 2.
package struct ControlGroupQuota {
    /// Reads a small text file; nil when there is none. Replaceable in tests.
    private let readFile: (String) -> String?

    package init(readFile: @escaping (String) -> String?) {
        self.readFile = readFile
    }

    /// This process's quota in processors; nil when unlimited.
    package static var current: Double? { ControlGroupQuota(readFile: readSmallFile).quota }

    /// The smallest quota of the group and its ancestors. A container often sees the hierarchy
    /// mounted at its own group, so that the path in `/proc/self/cgroup` does not exist; walking
    /// up to the root finds the limit there.
    package var quota: Double? {
        let lines = (readFile("/proc/self/cgroup") ?? "").split(separator: "\n")
        var quotas: [Double] = []
        for line in lines {
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            if fields[1].isEmpty {
                quotas += ancestors(of: fields[2]).compactMap(unifiedQuota)
            } else if fields[1].split(separator: ",").contains("cpu") {
                quotas += ancestors(of: fields[2]).compactMap(legacyQuota)
            }
        }
        return quotas.min()
    }

    /// "/a/b" gives "/a/b", "/a", "".
    private func ancestors(of path: Substring) -> [String] {
        let parts = path.split(separator: "/")
        return (0...parts.count).reversed().map { count in
            parts.prefix(count).map { "/\($0)" }.joined()
        }
    }

    private func unifiedQuota(_ path: String) -> Double? {
        guard let text = readFile("/sys/fs/cgroup\(path)/cpu.max") else { return nil }
        let fields = text.split(whereSeparator: \.isWhitespace).map { Double($0) }
        guard fields.count == 2 else { return nil }
        return ratio(fields[0], fields[1])
    }

    private func legacyQuota(_ path: String) -> Double? {
        for mount in ["/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"] {
            let quota = number(in: "\(mount)\(path)/cpu.cfs_quota_us")
            let period = number(in: "\(mount)\(path)/cpu.cfs_period_us")
            if let result = ratio(quota, period) { return result }
        }
        return nil
    }

    private func number(in path: String) -> Double? {
        readFile(path)?.split(whereSeparator: \.isWhitespace).first.flatMap { Double($0) }
    }

    private func ratio(_ quota: Double?, _ period: Double?) -> Double? {
        guard let quota, let period, quota > 0, period > 0 else { return nil }
        return quota / period
    }

    private static func readSmallFile(_ path: String) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 16_384)
        let count = read(descriptor, &bytes, bytes.count)
        guard count >= 0 else { return nil }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
