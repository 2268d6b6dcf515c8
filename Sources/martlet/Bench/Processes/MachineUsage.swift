/// The time that all processors of the machine have spent so far, in seconds.
package struct MachineUsage: Hashable, Sendable {
    package let busySeconds: Double
    /// Taken by other guests of the same host.
    package let stolenSeconds: Double

    package init(busySeconds: Double, stolenSeconds: Double) {
        self.busySeconds = busySeconds
        self.stolenSeconds = stolenSeconds
    }

    /// Reads the first line of `/proc/stat`; nil where there is none.
    static func now() -> MachineUsage? {
        ProcessTable.text("/proc/stat").flatMap {
            MachineUsage(parsing: $0, ticksPerSecond: ProcessTable.ticksPerSecond)
        }
    }

    /// - Source: `proc(5)`: user, nice, system, idle, iowait, irq, softirq, steal.
    package init?(parsing text: String, ticksPerSecond: Double) {
        guard let line = text.split(separator: "\n").first, line.hasPrefix("cpu ") else {
            return nil
        }
        let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard ticks.count >= 8 else { return nil }
        let busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]
        self.init(
            busySeconds: busy / ticksPerSecond, stolenSeconds: ticks[7] / ticksPerSecond)
    }
}
