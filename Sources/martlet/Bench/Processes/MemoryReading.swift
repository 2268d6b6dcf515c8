import MartletJSON

/// How much memory this process has, by the kernel; in bytes.
package struct MemoryReading: Hashable, Sendable {
    package let resident: Int
    /// Of it, what the program has written.
    package let anonymous: Int
    /// Of it, what lies in files as well: the program itself, mapped checkpoints.
    package let file: Int
    /// The most that `resident` has been.
    package let peak: Int

    /// Reads the contents of `/proc/PID/status`; missing fields are 0.
    package init(parsing status: String) {
        resident = ProcessUsage.byteCount("VmRSS", in: status)
        anonymous = ProcessUsage.byteCount("RssAnon", in: status)
        file = ProcessUsage.byteCount("RssFile", in: status)
        peak = ProcessUsage.byteCount("VmHWM", in: status)
    }

    /// Nil where the system has no `/proc`.
    static var ofThisProcess: MemoryReading? {
        ProcessTable.text("/proc/self/status").map(MemoryReading.init(parsing:))
    }

    /// A row of a table.
    func row(_ name: String) -> [String] {
        [name] + [resident, anonymous, file, peak].map(\.mebibytes)
    }

    var json: JSONValue {
        [
            "resident_bytes": .integer(resident), "anonymous_bytes": .integer(anonymous),
            "file_bytes": .integer(file), "peak_bytes": .integer(peak),
        ]
    }
}
