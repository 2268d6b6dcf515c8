/// The measurements of two servers under the same loads, round by round.
package struct Comparison: Sendable {
    /// Which of the two.
    package enum Side: String, CaseIterable, Sendable {
        case subject
        case peer

        package var other: Side { self == .subject ? .peer : .subject }
    }

    package let loads: [LoadShape]
    package let roundCount: Int
    private struct Key: Hashable {
        let load: LoadShape
        let side: Side
        let round: Int
    }
    private var measurements: [Key: LoadMeasurement] = [:]

    package init(loads: [LoadShape], roundCount: Int) {
        self.loads = loads
        self.roundCount = roundCount
    }

    /// Who comes first in a round, counted from 0, and who second: A B, B A, A B, so that neither
    /// gains by a machine that grows faster or slower.
    package static func order(round: Int) -> [Side] {
        round.isMultiple(of: 2) ? [.subject, .peer] : [.peer, .subject]
    }

    package mutating func add(
        _ measurement: LoadMeasurement, load: LoadShape, side: Side, round: Int
    ) {
        measurements[Key(load: load, side: side, round: round)] = measurement
    }

    /// The figures of the rounds that have one.
    package func figures(_ metric: ComparedMetric, load: LoadShape, side: Side) -> [Double] {
        (0..<roundCount).compactMap {
            measurements[Key(load: load, side: side, round: $0)]?.figure(metric)
        }
    }

    /// The subject's figure divided by the peer's of the same round, for the rounds that have
    /// both: what changes between rounds cancels out.
    package func ratios(_ metric: ComparedMetric, load: LoadShape) -> [Double] {
        guard metric.hasRatio else { return [] }
        return (0..<roundCount).compactMap { round in
            let pair = Side.allCases.map {
                measurements[Key(load: load, side: $0, round: round)]?.figure(metric)
            }
            guard let subject = pair[0], let peer = pair[1], peer > 0 else { return nil }
            return subject / peer
        }
    }

    /// What makes figures mean something else than they seem to.
    package func remarks(load: LoadShape, side: Side) -> [String] {
        var remarks: [String] = []
        for round in 0..<roundCount {
            guard let report = measurements[Key(load: load, side: side, round: round)]?.report
            else { continue }
            let failure = report.commonestFailure.map { "\(report.failedCount) failed: \($0)" }
            for remark in [failure].compactMap({ $0 }) + report.remarks
            where !remarks.contains(remark) {
                remarks.append(remark)
            }
        }
        return remarks
    }
}
