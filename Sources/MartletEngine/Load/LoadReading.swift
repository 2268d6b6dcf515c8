/// How busy the machine is. What cannot be told here is nil. Shares are 0 to 1.
package struct LoadReading: Hashable, Sendable {
    /// The share of the machine's processor time that this process took since the reading before.
    package var processShare: Double?
    /// The share that everything else took; time stolen by other machines on the host counts.
    package var outsideShare: Double?
    /// The share of the last ten seconds in which some task waited for a processor.
    package var cpuPressure: Double?
    /// The same within the process's control group.
    package var groupCPUPressure: Double?
    /// The share of the last ten seconds in which some task waited for memory.
    package var memoryPressure: Double?
    /// The same within the process's control group.
    package var groupMemoryPressure: Double?
    /// The share of periods since the reading before in which the control group's processor quota
    /// ran out.
    package var throttledShare: Double?
    /// Bytes that can be had without swapping, in the machine and the control group.
    package var availableByteCount: Int?
    /// The memory of the machine, or what the control group may use if that is less.
    package var totalByteCount: Int?
    /// The share of the accelerator in use.
    package var gpuUsage: Double?

    package init() {}

    /// What others take of the processors: their share, or their part of the waiting for processors
    /// if that is more. The kernel does not say for whom a task waits, so waiting is divided as the
    /// processor time is.
    package var outsideLoad: Double? {
        guard let outside = outsideShare else { return nil }
        let busy = outside + (processShare ?? 0)
        guard let pressure = [cpuPressure, groupCPUPressure].compactMap({ $0 }).max(), busy > 0
        else { return outside }
        return max(outside, pressure * outside / busy)
    }

    /// The share of memory in use.
    package var memoryUsage: Double? {
        guard let available = availableByteCount, let total = totalByteCount, total > 0
        else { return nil }
        return 1 - Double(min(available, total)) / Double(total)
    }
}

extension LoadReading {
    /// The load at `sample`; shares of time are those since `previous`.
    init(_ sample: LoadSample, since previous: LoadSample?, gpuUsage: Double?) {
        self.init()
        cpuPressure = sample.cpuPressure
        groupCPUPressure = sample.groupCPUPressure
        memoryPressure = sample.memoryPressure
        groupMemoryPressure = sample.groupMemoryPressure
        availableByteCount = sample.availableByteCount
        totalByteCount = sample.totalByteCount
        self.gpuUsage = gpuUsage
        guard let previous else { return }
        let machine = Self.growth(of: \.machineTicks, from: previous, to: sample)
        let idle = Self.growth(of: \.idleTicks, from: previous, to: sample)
        let process = Self.growth(of: \.processTicks, from: previous, to: sample)
        if let machine, machine > 0 {
            processShare = process.map { min(1, $0 / machine) }
            outsideShare = idle.map {
                min(1, max(0, (machine - $0 - (process ?? 0)) / machine))
            }
        }
        let periods = Self.growth(of: \.periodCount, from: previous, to: sample)
        let throttled = Self.growth(of: \.throttledCount, from: previous, to: sample)
        if let periods, let throttled {
            throttledShare = periods > 0 ? min(1, throttled / periods) : 0
        }
    }

    /// Nil where a counter is missing or ran backwards.
    private static func growth(
        of counter: KeyPath<LoadSample, Int?>, from previous: LoadSample, to sample: LoadSample
    ) -> Double? {
        guard
            let start = previous[keyPath: counter], let end = sample[keyPath: counter],
            end >= start
        else { return nil }
        return Double(end) - Double(start)
    }
}
