/// How fast requests end, measured over the latest of them.
struct DrainRate: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    /// Enough that requests which end together, as those of equal length do, count as one wave of
    /// several.
    private static let capacity = 128
    /// What ended longer ago says nothing about now.
    private static let window = Duration.seconds(60)

    private var ends: [Instant] = []
    private var next = 0

    /// Notes that a request ended.
    mutating func note(_ now: Instant) {
        if ends.count < Self.capacity {
            ends.append(now)
        } else {
            ends[next] = now
            next = (next + 1) % Self.capacity
        }
    }

    /// Requests that end in a second; nil where too few have ended to tell.
    func perSecond(_ now: Instant) -> Double? {
        let recent = ends.filter { now - $0 < Self.window }
        guard recent.count >= 2, let first = recent.min() else { return nil }
        // Up to now, so that a standstill lowers the rate.
        let seconds = max((now - first).seconds, 0.001)
        return Double(recent.count - 1) / seconds
    }
}
