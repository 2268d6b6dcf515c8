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
        let groups = ControlGroups(files)
        cpuPressure = files.text("/proc/pressure/cpu").flatMap(KernelFiles.pressure)
        memoryPressure = files.text("/proc/pressure/memory").flatMap(KernelFiles.pressure)
        groupCPUPressure = groups.text("cpu", "cpu.pressure").flatMap(KernelFiles.pressure)
        groupMemoryPressure = groups.text("memory", "memory.pressure").flatMap(KernelFiles.pressure)
        if let text = groups.text("cpu", "cpu.stat") {
            periodCount = KernelFiles.field("nr_periods", of: text)
            throttledCount = KernelFiles.field("nr_throttled", of: text)
        }
        readMemory(files, groups.memories)
    }

    private mutating func readProcessorTime(_ files: KernelFiles) {
        // user, nice, system, idle, iowait, irq, softirq, steal; guests are part of user.
        if let text = files.text("/proc/stat"), let words = KernelFiles.fields("cpu", of: text) {
            let ticks = words.prefix(8).compactMap { Int(Substring($0)) }
            if ticks.count >= 4 {
                machineTicks = ticks.reduce(0, &+)
                idleTicks = ticks[3] &+ (ticks.count > 4 ? ticks[4] : 0)
            }
        }
        // The program's name stands in parentheses and may hold anything.
        guard
            let text = files.text("/proc/self/stat")?.utf8,
            let end = text.lastIndex(of: UInt8(ascii: ")"))
        else { return }
        let fields = text[end...].split(separator: UInt8(ascii: " ")).map { Int(Substring($0)) }
        guard fields.count > 13, let user = fields[12], let system = fields[13] else { return }
        processTicks = user &+ system
    }

    private mutating func readMemory(
        _ files: KernelFiles, _ groups: [(limit: Int, available: Int)]
    ) {
        let text = files.text("/proc/meminfo") ?? ""
        let machine = (
            available: Self.kibibytes("MemAvailable:", of: text),
            total: Self.kibibytes("MemTotal:", of: text)
        )
        availableByteCount = ([machine.available] + groups.map(\.available))
            .compactMap { $0 }.min()
        totalByteCount = ([machine.total] + groups.map(\.limit)).compactMap { $0 }.min()
    }

    private static func kibibytes(_ name: String, of text: String) -> Int? {
        KernelFiles.field(name, of: text).flatMap {
            let (bytes, overflows) = $0.multipliedReportingOverflow(by: 1024)
            return overflows ? nil : bytes
        }
    }
}
