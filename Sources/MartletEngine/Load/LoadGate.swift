/// Decides from readings whether new requests are refused.
///
/// What was refused for a reason is accepted again only when the load is clearly below that
/// threshold, so that a load near it does not make answers change with every reading.
package struct LoadGate: Hashable, Sendable {
    package let thresholds: LoadThresholds
    /// What the last reading led to.
    package private(set) var refusal: LoadRefusal?

    /// Once refused, a share must fall by this part of its threshold.
    private static let fall = 0.1

    package init(thresholds: LoadThresholds) {
        self.thresholds = thresholds
    }

    /// Why requests are refused at this load; nil when they are not.
    package mutating func isOverloaded(_ reading: LoadReading) -> LoadRefusal? {
        let previous = refusal
        refusal =
            availableMemory(reading, wasShort: previous.map(AdmissionRefusal.init) == .memory)
            ?? share(reading.memoryUsage, thresholds.memory, LoadRefusal.memory, since: previous)
            ?? share(reading.outsideLoad, thresholds.cpu, LoadRefusal.cpu, since: previous)
            ?? share(reading.gpuUsage, thresholds.gpu, LoadRefusal.gpu, since: previous)
        return refusal
    }

    private func availableMemory(_ reading: LoadReading, wasShort: Bool) -> LoadRefusal? {
        guard
            var minimum = thresholds.minimumAvailableByteCount,
            let available = reading.availableByteCount
        else { return nil }
        if let total = reading.totalByteCount { minimum = min(minimum, total / 50) }
        let limit = wasShort ? minimum + minimum / 4 : minimum
        return available < limit
            ? .availableMemory(byteCount: available, minimum: minimum) : nil
    }

    private func share(
        _ share: Double?, _ threshold: Double?, _ refusal: (Double, Double) -> LoadRefusal,
        since previous: LoadRefusal?
    ) -> LoadRefusal? {
        guard let share, let threshold else { return nil }
        let refusal = refusal(share, threshold)
        let wasRefused = previous.map(AdmissionRefusal.init) == AdmissionRefusal(refusal)
        return share > (wasRefused ? threshold * (1 - Self.fall) : threshold) ? refusal : nil
    }
}
