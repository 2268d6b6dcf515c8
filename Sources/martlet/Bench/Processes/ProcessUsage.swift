/// What a process and all that it started have used so far.
package struct ProcessUsage: Hashable, Sendable {
    package var processorSeconds: Double
    /// Memory of the process that is in main memory, in bytes.
    package var residentByteCount: Int
    /// The most that it has been.
    package var peakResidentByteCount: Int

    package init(
        processorSeconds: Double, residentByteCount: Int, peakResidentByteCount: Int
    ) {
        self.processorSeconds = processorSeconds
        self.residentByteCount = residentByteCount
        self.peakResidentByteCount = peakResidentByteCount
    }

    /// Reads the account of a process; nil where there is no such process, or no `/proc`.
    ///
    /// Pages that several of its processes share count for each of them.
    static func of(_ pid: Int) -> ProcessUsage? {
        let tree = ProcessTable.now().tree(of: pid)
        return tree.isEmpty ? nil : of(tree)
    }

    /// What this process has used, without those that it started.
    static var ofThisProcess: ProcessUsage? {
        let stat = ProcessTable.text("/proc/self/stat").flatMap(ProcessStat.init(parsing:))
        return stat.map { of([$0]) }
    }

    private static func of(_ processes: [ProcessStat]) -> ProcessUsage {
        let ticks = processes.reduce(0) { $0 + $1.tickCount }
        var usage = ProcessUsage(
            processorSeconds: Double(ticks) / ProcessTable.ticksPerSecond,
            residentByteCount: 0, peakResidentByteCount: 0)
        for process in processes {
            let status = ProcessTable.text("/proc/\(process.pid)/status") ?? ""
            usage.residentByteCount += byteCount("VmRSS", in: status)
            usage.peakResidentByteCount += byteCount("VmHWM", in: status)
        }
        return usage
    }

    /// A field of `/proc/PID/status`, whose unit is KiB; 0 where it is missing.
    package static func byteCount(_ field: String, in status: String) -> Int {
        for line in status.split(separator: "\n") where line.hasPrefix(field + ":") {
            let words = line.split(whereSeparator: \.isWhitespace)
            guard words.count > 1, let kibibytes = Int(words[1]) else { return 0 }
            return kibibytes.multipliedReportingOverflow(by: 1024).partialValue
        }
        return 0
    }
}
