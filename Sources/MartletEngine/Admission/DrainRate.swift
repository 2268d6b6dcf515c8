/// How fast requests end while there are any, measured over about the last minute of serving.
///
/// Time is counted from when serving began, not from the first end: requests that end together
/// count for all the time that they took. A standstill lowers the rate, idle time does not.
struct DrainRate: Hashable, Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A stretch of time in which someone was served.
    private struct Stretch: Hashable {
        var endCount = 0
        var duration = Duration.zero
    }

    /// How long a stretch is at least; it is longer where nothing has ended in it.
    private static let stretchMin = Duration.seconds(30)

    private var earlier = Stretch()
    private var current = Stretch()
    private var last: Instant?

    /// Moves on to `now`.
    ///
    /// - Parameter isServing: Whether there were requests since the last call.
    mutating func advance(to now: Instant, isServing: Bool) {
        defer { last = now }
        guard isServing, let last, last < now else { return }
        if current.duration >= Self.stretchMin, current.endCount > 0 {
            earlier = current
            current = Stretch()
        }
        current.duration += now - last
    }

    /// Notes that a request ended.
    mutating func noteEnd() {
        current.endCount += 1
    }

    /// Requests that end in a second; nil until the first has.
    var perSecond: Double? {
        let endCount = earlier.endCount + current.endCount
        guard endCount > 0 else { return nil }
        return Double(endCount) / max((earlier.duration + current.duration).seconds, 0.001)
    }
}
