import Logging
import MartletEngine
import ServiceLifecycle

/// Writes a line of what each model has done into the log every ten seconds, as vLLM does; about
/// one that has done nothing only at the level for debugging.
struct ThroughputLog: Service {
    let models: ModelManager
    let logger: Logger

    private typealias Reading = (totals: EngineTotals, gauges: EngineGauges)

    private static let interval = Duration.seconds(10)

    func run() async throws {
        try? await cancelWhenGracefulShutdown { try await write() }
    }

    private func write() async throws {
        var readings: [String: Reading] = [:]
        var last = ContinuousClock.now
        while true {
            try await Task.sleep(for: Self.interval)
            let now = ContinuousClock.now
            let statuses = models.statuses
            for status in statuses {
                guard let engine = status.engine else { continue }
                let reading = (totals: engine.metrics.totals, gauges: engine.gauges)
                let earlier = readings.updateValue(reading, forKey: status.name)
                let line = ThroughputLine(
                    from: earlier ?? (EngineTotals(), EngineGauges()), to: reading,
                    duration: now - last)
                let name = statuses.count > 1 ? "\(status.name): " : ""
                logger.log(level: line.isIdle ? .debug : .info, "\(name)\(line)")
            }
            last = now
        }
    }
}
