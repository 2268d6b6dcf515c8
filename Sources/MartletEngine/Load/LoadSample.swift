/// What the kernel's files say at one moment. What a file does not say is nil.
///
/// - Source: Linux kernel documentation: `proc(5)`, `accounting/psi`, `cgroup-v1`, `cgroup-v2`.
struct LoadSample: Hashable {
    /// Processor time of this process, of the machine, and idle time of the machine; all in clock
    /// ticks.
    var processTicks: Int?
    var machineTicks: Int?
    var idleTicks: Int?
    /// Periods of the control group's quota, and those in which it ran out.
    var periodCount: Int?
    var throttledCount: Int?
    var cpuPressure: Double?
    var groupCPUPressure: Double?
    var memoryPressure: Double?
    var groupMemoryPressure: Double?
    var availableByteCount: Int?
    var totalByteCount: Int?

    init(_ files: KernelFiles) {
        readProcessorTime(files)
        cpuPressure = files.text("/proc/pressure/cpu").flatMap(Self.pressure)
        memoryPressure = files.text("/proc/pressure/memory").flatMap(Self.pressure)
        groupCPUPressure = files.groupText("cpu", "cpu.pressure").flatMap(Self.pressure)
        groupMemoryPressure = files.groupText("memory", "memory.pressure").flatMap(Self.pressure)
        if let text = files.groupText("cpu", "cpu.stat") {
            periodCount = Self.field("nr_periods", of: text)
            throttledCount = Self.field("nr_throttled", of: text)
        }
        readMemory(files)
    }

    private mutating func readProcessorTime(_ files: KernelFiles) {
        if let text = files.text("/proc/stat"), text.hasPrefix("cpu ") {
            // user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user.
            let ticks = text.prefix { $0 != "\n" }.split(separator: " ").dropFirst().prefix(8)
                .compactMap { Int($0) }
            if ticks.count >= 4 {
                machineTicks = ticks.reduce(0, &+)
                idleTicks = ticks[3] &+ (ticks.count > 4 ? ticks[4] : 0)
            }
        }
        // The program's name stands in parentheses and may hold anything.
        guard
            let text = files.text("/proc/self/stat"), let end = text.lastIndex(of: ")")
        else { return }
        let fields = text[end...].split(separator: " ")
        guard fields.count > 13, let user = Int(fields[12]), let system = Int(fields[13])
        else { return }
        processTicks = user &+ system
    }

    private mutating func readMemory(_ files: KernelFiles) {
        let text = files.text("/proc/meminfo") ?? ""
        let machine = (
            available: Self.kibibytes("MemAvailable:", of: text),
            total: Self.kibibytes("MemTotal:", of: text)
        )
        let groups = files.groupMemories
        availableByteCount = ([machine.available] + groups.map(\.available))
            .compactMap { $0 }.min()
        totalByteCount = ([machine.total] + groups.map(\.limit)).compactMap { $0 }.min()
    }

    /// The share of the last ten seconds in which some task waited.
    private static func pressure(_ text: String) -> Double? {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("some ") })
        else { return nil }
        for field in line.split(separator: " ") where field.hasPrefix("avg10=") {
            return Double(field.dropFirst(6)).map { min(1, max(0, $0 / 100)) }
        }
        return nil
    }

    private static func kibibytes(_ name: String, of text: String) -> Int? {
        field(name, of: text).flatMap {
            let (bytes, overflows) = $0.multipliedReportingOverflow(by: 1024)
            return overflows ? nil : bytes
        }
    }

    /// The number after `name` at the beginning of a line.
    static func field(_ name: String, of text: String) -> Int? {
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: " ")
            if fields.count >= 2, fields[0] == name { return Int(fields[1]) }
        }
        return nil
    }
}
