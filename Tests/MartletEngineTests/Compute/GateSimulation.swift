import MartletEngine

/// Engines on a ``GateState`` in virtual time: each computes a step, is away for a moment, and
/// comes back.
struct GateSimulation {
    struct Engine {
        var step: Duration
        var gap: Duration
        /// When the engine has requests; for ever by default.
        var isBusy: (Duration) -> Bool
        fileprivate(set) var computed = Duration.zero
        fileprivate(set) var longestWait = Duration.zero
        fileprivate var id: ShareID?
        fileprivate var phase = Phase.away(until: .zero)

        init(
            step: Duration, gap: Duration, isBusy: @escaping (Duration) -> Bool = { _ in true }
        ) {
            self.step = step
            self.gap = gap
            self.isBusy = isBusy
        }
    }

    fileprivate enum Phase {
        case away(until: Duration)
        case waiting(since: Duration, until: Duration?)
        case computing(GateState.Ticket, until: Duration)
    }

    private(set) var engines: [Engine]
    private(set) var now = Duration.zero
    private var gate = GateState()

    init(_ engines: [Engine]) {
        self.engines = engines
        for index in engines.indices { self.engines[index].id = gate.join() }
    }

    /// A promise that was broken.
    struct Violation: Error {
        let description: String
    }

    /// Runs until `end`, or to the first promise that is broken.
    mutating func run(until end: Duration) throws(Violation) {
        while now < end {
            guard let next else { throw Violation(description: "everybody waits for a wake-up") }
            now = max(now, next.time)
            advance(next.index)
            if let woken = gate.takeWakeUp() { wake(woken) }
            if let violation = gate.violation() { throw Violation(description: violation) }
        }
    }

    private var next: (time: Duration, index: Int)? {
        engines.indices.compactMap { index in
            time(of: engines[index]).map { (time: $0, index: index) }
        }.min { ($0.time, $0.index) < ($1.time, $1.index) }
    }

    private func time(of engine: Engine) -> Duration? {
        switch engine.phase {
        case .away(let end), .computing(_, let end): end
        case .waiting(_, let end): end
        }
    }

    private mutating func advance(_ index: Int) {
        guard let id = engines[index].id else { return }
        switch engines[index].phase {
        case .away:
            guard engines[index].isBusy(now) else {
                engines[index].phase = .away(until: now + .milliseconds(1))
                return
            }
            obey(gate.request(id, now: now), index, since: now)
        case .waiting(let start, _): obey(gate.poll(id, now: now), index, since: start)
        case .computing(let ticket, _):
            gate.finish(id, ticket, now: now)
            engines[index].computed += engines[index].step
            engines[index].phase = .away(until: now + engines[index].gap)
        }
    }

    private mutating func wake(_ id: ShareID) {
        guard let index = engines.firstIndex(where: { $0.id == id }) else { return }
        if case .waiting(let start, _) = engines[index].phase {
            engines[index].phase = .waiting(since: start, until: now)
        }
    }

    private mutating func obey(_ answer: GateState.Answer, _ index: Int, since start: Duration) {
        switch answer {
        case .go(let ticket):
            engines[index].longestWait = max(engines[index].longestWait, now - start)
            engines[index].phase = .computing(ticket, until: now + engines[index].step)
        case .wait(let end): engines[index].phase = .waiting(since: start, until: end)
        }
    }
}
