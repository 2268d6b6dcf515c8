/// Who computes, who waits, and who is next: ``ComputeGate``'s decisions, without clock or thread.
///
/// Times are offsets from any fixed moment. Each change may call for one waiting engine to be
/// woken, which ``takeWakeUp()`` names; whoever is woken asks again with ``poll(_:now:)``.
///
/// Between two steps an engine is away for the fraction of a millisecond that its bookkeeping
/// takes. Were the turn given away at that moment, engines would simply alternate, and a model
/// with short steps would get a small part of the time. So an engine that is owed time, and that
/// has shown to come back at once, finds its turn kept for ``graceMax``, and never for longer
/// than it is owed. The time that is kept counts as used by the one that it is kept for.
///
/// - Source: Iyer and Druschel, Anticipatory Scheduling, 2001.
package struct GateState: Sendable {
    /// A right to compute; worth nothing once it is given back or revoked.
    package struct Ticket: Hashable, Sendable {
        fileprivate let rawValue: UInt64
    }

    /// What one who wants to compute has to do.
    package enum Answer: Hashable, Sendable {
        case go(Ticket)
        /// Poll again when woken, or at the time given.
        case wait(until: Duration?)
    }

    private enum Occupancy {
        case free
        case held(by: ShareID, Ticket, since: Duration)
        case kept(for: ShareID, since: Duration, until: Duration)
    }

    /// The longest time that the processors idle for an engine that is expected back.
    package static let graceMax = Duration.milliseconds(5)

    package private(set) var shares = TimeShares()
    private var occupancy = Occupancy.free
    private var waiting: [ShareID] = []
    private var wakeUp: ShareID?
    /// When each engine gave its last turn back.
    private var lastTurnEnds: [ShareID: Duration] = [:]
    /// Engines whose last turn followed the one before it within the grace.
    private var prompt: Set<ShareID> = []
    private var nextID: UInt64 = 0
    private var nextTicket: UInt64 = 0

    package init() {}

    package mutating func join() -> ShareID {
        nextID += 1
        let id = ShareID(rawValue: nextID)
        shares.join(id)
        return id
    }

    /// Forgets `id`, whatever it holds or waits for.
    package mutating func leave(_ id: ShareID, now: Duration) {
        waiting.removeAll { $0 == id }
        revoke(id, now: now)
        rest(id, now: now)
        shares.leave(id)
        lastTurnEnds[id] = nil
        prompt.remove(id)
        // Whoever was to wait for the end of a kept turn may be the one that left.
        guard case .kept = occupancy else { return }
        wakeUp = shares.least(of: waiting)
        if wakeUp == nil { occupancy = .free }
    }

    /// Asks for a turn. One who neither holds a turn nor waits for one may ask.
    package mutating func request(_ id: ShareID, now: Duration) -> Answer {
        precondition(shares.contains(id) && !waiting.contains(id), "a turn within a turn")
        if let end = lastTurnEnds[id] {
            if now - end <= Self.graceMax { prompt.insert(id) } else { prompt.remove(id) }
        }
        shares.lift(id)
        waiting.append(id)
        return poll(id, now: now)
    }

    /// What `id`, which has asked for a turn, has to do now.
    package mutating func poll(_ id: ShareID, now: Duration) -> Answer {
        if case .kept(let owner, let start, let end) = occupancy {
            let isBack = waiting.contains(owner)
            if isBack || now >= end {
                shares.charge(owner, min(now, end) - start)
                occupancy = .free
            }
            if !isBack && now >= end { prompt.remove(owner) }
        }
        if case .free = occupancy { grant(now: now, polling: id) }
        switch occupancy {
        case .held(id, let ticket, _): return .go(ticket)
        case .kept(_, _, let end): return .wait(until: end)
        case .free, .held: return .wait(until: nil)
        }
    }

    /// Gives a turn back, unless it was revoked.
    package mutating func finish(_ id: ShareID, _ ticket: Ticket, now: Duration) {
        guard case .held(id, ticket, let start) = occupancy else { return }
        shares.charge(id, now - start)
        lastTurnEnds[id] = now
        occupancy = .free
        guard let next = shares.least(of: waiting) else { return }
        let owed = shares.usedTime(next) - shares.usedTime(id)
        if prompt.contains(id), owed > .zero {
            occupancy = .kept(for: id, since: now, until: now + min(owed, Self.graceMax))
            wakeUp = next
        } else {
            grant(now: now)
        }
    }

    /// Takes the turn from `id`, if it has it, and gives it to the next.
    ///
    /// - Returns: Whether there was a turn to take.
    @discardableResult
    package mutating func revoke(_ id: ShareID, now: Duration) -> Bool {
        guard case .held(id, _, let start) = occupancy else { return false }
        shares.charge(id, now - start)
        lastTurnEnds[id] = nil
        prompt.remove(id)
        occupancy = .free
        grant(now: now)
        return true
    }

    /// Notes that `id` wants no further turn for now, so that none is kept for it.
    package mutating func rest(_ id: ShareID, now: Duration) {
        guard case .kept(for: id, let start, _) = occupancy else { return }
        shares.charge(id, now - start)
        occupancy = .free
        grant(now: now)
    }

    /// The engine that has to be woken after the last change.
    package mutating func takeWakeUp() -> ShareID? {
        defer { wakeUp = nil }
        return wakeUp
    }

    /// Since when `id` has its turn; nil while it has none.
    package func turnStart(_ id: ShareID) -> Duration? {
        guard case .held(id, _, let start) = occupancy else { return nil }
        return start
    }

    /// Whether somebody computes, or did within the last `duration`.
    package func isInUse(now: Duration, within duration: Duration) -> Bool {
        if case .held = occupancy { return true }
        return !waiting.isEmpty || lastTurnEnds.values.contains { now - $0 <= duration }
    }

    private mutating func grant(now: Duration, polling: ShareID? = nil) {
        guard let next = shares.least(of: waiting) else { return }
        waiting.removeAll { $0 == next }
        nextTicket += 1
        shares.begin(next)
        occupancy = .held(by: next, Ticket(rawValue: nextTicket), since: now)
        if next != polling { wakeUp = next }
    }
}

extension GateState {
    /// What must hold between any two events; nil where it does.
    package func violation() -> String? {
        if Set(waiting).count != waiting.count { return "an engine waits twice" }
        if !waiting.allSatisfy(shares.contains) { return "one that left waits" }
        switch occupancy {
        case .free: return waiting.isEmpty ? nil : "nobody computes, some wait"
        case .held(let id, _, _):
            return waiting.contains(id) ? "the one that computes waits" : nil
        case .kept(let id, _, _):
            if waiting.contains(id) { return "a turn is kept for one that is back" }
            return waiting.isEmpty ? "a turn is kept from nobody" : nil
        }
    }
}
