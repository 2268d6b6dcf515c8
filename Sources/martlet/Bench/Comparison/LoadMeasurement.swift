/// One load on one server, and what it cost.
package struct LoadMeasurement: Sendable {
    package let report: LoadReport
    /// Processor time of the server, in seconds; nil where its process is not known.
    package var serverSeconds: Double?
    /// The most memory that the server had so far, in bytes.
    package var peakResidentByteCount: Int?
    /// Processor time of the server whose turn it was not; nil where it is not up or not known.
    package var otherServerSeconds: Double?
    /// Processor time of all other programs but this one, in seconds.
    package var elsewhereSeconds: Double?
    /// Processor time that the host gave to other guests, in seconds.
    package var stolenSeconds: Double?

    package init(report: LoadReport) {
        self.report = report
    }

    /// The figure; nil where it is not known.
    package func figure(_ metric: ComparedMetric) -> Double? {
        switch metric {
        case .outputTokensPerSecond: report.outputTokensPerSecond
        case .firstTokenMean: milliseconds(report.timeToFirstToken.mean)
        case .firstTokenMedian: milliseconds(report.timeToFirstToken.median)
        case .firstTokenP99: milliseconds(report.timeToFirstToken.p99)
        case .perTokenMedian: milliseconds(report.timePerOutputToken.median)
        case .intervalP99: milliseconds(report.interTokenLatency.p99)
        case .endToEndMedian: milliseconds(report.endToEnd.median)
        case .endToEndP99: milliseconds(report.endToEnd.p99)
        case .failedRequests: Double(report.failedCount)
        case .processorTimePerToken: perToken(serverSeconds)
        case .peakResident: peakResidentByteCount.map { Double($0) / 1_048_576 }
        case .otherServerCores: cores(otherServerSeconds)
        case .elsewhereCores: cores(elsewhereSeconds)
        case .stolenCores: cores(stolenSeconds)
        }
    }

    /// Latencies of a load of which nothing succeeded are unknown rather than 0.
    private func milliseconds(_ seconds: Double) -> Double? {
        seconds > 0 ? seconds * 1000 : nil
    }

    private func perToken(_ seconds: Double?) -> Double? {
        guard let seconds, report.outputTokenCount > 0 else { return nil }
        return seconds * 1000 / Double(report.outputTokenCount)
    }

    private func cores(_ seconds: Double?) -> Double? {
        guard let seconds, report.seconds > 0 else { return nil }
        return max(0, seconds / report.seconds)
    }
}
