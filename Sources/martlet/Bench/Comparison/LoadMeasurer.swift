/// Runs a load and reads before and after what servers and machine have spent.
struct LoadMeasurer: Sendable {
    let generator: LoadGenerator
    /// The process of the server, if it is known.
    let pid: Int?
    /// The process of the server whose turn it is not.
    let otherPID: Int?

    private struct Reading {
        let server: ProcessUsage?
        let other: ProcessUsage?
        let own: ProcessUsage?
        let machine: MachineUsage?
    }

    func run() async throws -> LoadMeasurement {
        let before = reading
        var measurement = LoadMeasurement(report: try await generator.run())
        let after = reading
        let server = Self.seconds(before.server, after.server)
        let other = Self.seconds(before.other, after.other)
        measurement.serverSeconds = server
        measurement.otherServerSeconds = other
        measurement.peakResidentByteCount = after.server?.peakResidentByteCount
        guard let start = before.machine, let end = after.machine else { return measurement }
        measurement.stolenSeconds = end.stolenSeconds - start.stolenSeconds
        // Without the server's own time, what others took cannot be told from it.
        if let server, let own = Self.seconds(before.own, after.own) {
            measurement.elsewhereSeconds =
                end.busySeconds - start.busySeconds - server - own - (other ?? 0)
        }
        return measurement
    }

    private var reading: Reading {
        Reading(
            server: pid.flatMap(ProcessUsage.of), other: otherPID.flatMap(ProcessUsage.of),
            own: .ofThisProcess, machine: .now())
    }

    /// The processor time between two readings.
    private static func seconds(_ start: ProcessUsage?, _ end: ProcessUsage?) -> Double? {
        guard let start, let end else { return nil }
        return max(0, end.processorSeconds - start.processorSeconds)
    }
}
