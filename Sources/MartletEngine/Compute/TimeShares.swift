/// Names one engine among those that share the processors.
package struct ShareID: Hashable, Comparable, Sendable {
    package let rawValue: UInt64

    package static func < (one: Self, other: Self) -> Bool { one.rawValue < other.rawValue }
}

/// How much compute time each engine has used, and who is owed the next turn.
///
/// Turns differ in length by orders of magnitude between a large and a small model, so what is
/// evened out is time and not the number of turns. An engine that was away is owed nothing for
/// it: it comes back with at least the time that those who were served meanwhile started from.
///
/// - Source: Goyal, Vin and Cheng, Start-time Fair Queueing, 1996, with equal weights.
package struct TimeShares: Sendable {
    /// Compute time used, lifted over absences.
    private var used: [ShareID: Duration] = [:]
    /// Where the turn that was given last started; never falls.
    private var virtualTime = Duration.zero

    package init() {}

    package mutating func join(_ id: ShareID) {
        used[id] = virtualTime
    }

    package mutating func leave(_ id: ShareID) {
        used[id] = nil
    }

    package func contains(_ id: ShareID) -> Bool { used[id] != nil }

    /// Where `id` stands; zero for one that has left.
    package func usedTime(_ id: ShareID) -> Duration { used[id] ?? .zero }

    /// Notes that `id` wants a turn: what it did not use while it was away is gone.
    package mutating func lift(_ id: ShareID) {
        guard let time = used[id] else { return }
        used[id] = max(time, virtualTime)
    }

    /// Notes that `id` begins a turn.
    package mutating func begin(_ id: ShareID) {
        virtualTime = max(virtualTime, usedTime(id))
    }

    /// Adds the length of a turn to what `id` has used.
    package mutating func charge(_ id: ShareID, _ duration: Duration) {
        // Not by optional chaining, which allocates.
        guard let index = used.index(forKey: id) else { return }
        used.values[index] += max(duration, .zero)
    }

    /// The one of `candidates` that has used the least; the one that joined first among equals.
    package func least(of candidates: some Sequence<ShareID>) -> ShareID? {
        candidates.min { (usedTime($0), $0) < (usedTime($1), $1) }
    }
}
