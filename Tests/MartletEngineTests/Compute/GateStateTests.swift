import MartletEngine
import MartletTestSupport
import Testing

@Suite struct GateStateTests {
    /// Long against short steps, with the fraction of a millisecond between steps that an engine
    /// needs for its bookkeeping.
    @Test(arguments: [20, 5, 100, 600])
    func `engines with long and short steps compute equally long`(shortStep: Int) throws {
        var simulation = GateSimulation([
            .init(step: .milliseconds(600), gap: .microseconds(400)),
            .init(step: .milliseconds(shortStep), gap: .microseconds(400)),
        ])
        try simulation.run(until: .seconds(120))
        let (long, short) = (simulation.engines[0].computed, simulation.engines[1].computed)
        // The time between its steps for which its turn is kept counts as the short one's.
        let part = Double(shortStep) / (Double(shortStep) + 0.4)
        #expect(abs(short / long / part - 1) < 0.05, "\(long) against \(short)")
        // No other time is lost.
        #expect((long + short) / .seconds(120) > (0.5 + 0.5 * part) * 0.98)
        #expect(simulation.engines[1].longestWait <= .milliseconds(601))
    }

    @Test func `three engines get a third each`() throws {
        var simulation = GateSimulation([
            .init(step: .milliseconds(150), gap: .microseconds(300)),
            .init(step: .milliseconds(30), gap: .microseconds(300)),
            .init(step: .milliseconds(7), gap: .microseconds(300)),
        ])
        try simulation.run(until: .seconds(60))
        for engine in simulation.engines {
            #expect(abs(engine.computed / .seconds(20) - 1) < 0.08, "\(engine.computed)")
        }
    }

    @Test func `an engine that comes back is owed nothing for its absence`() throws {
        var simulation = GateSimulation([
            .init(step: .milliseconds(50), gap: .microseconds(200)),
            .init(
                step: .milliseconds(10), gap: .microseconds(200),
                isBusy: { $0 > .seconds(60) }),
        ])
        try simulation.run(until: .seconds(60))
        #expect(simulation.engines[1].computed == .zero)
        let before = simulation.engines[0].computed
        try simulation.run(until: .seconds(80))
        let (old, new) = (
            simulation.engines[0].computed - before, simulation.engines[1].computed
        )
        #expect(abs(old / new - 1) < 0.05, "\(old) against \(new)")
    }

    @Test func `no turn is kept for an engine that takes its time`() throws {
        var simulation = GateSimulation([
            .init(step: .milliseconds(10), gap: .microseconds(100)),
            .init(step: .milliseconds(1), gap: .milliseconds(8)),
        ])
        try simulation.run(until: .seconds(30))
        // The slow one computes as often as it comes; the other one has all the rest.
        #expect(simulation.engines[0].computed / .seconds(30) > 0.85)
        #expect(simulation.engines[1].longestWait <= .milliseconds(11))
    }

    @Test func `an engine with hardly a step between its pauses does not idle the others`() throws {
        var simulation = GateSimulation([
            .init(step: .milliseconds(100), gap: .microseconds(100)),
            .init(step: .microseconds(100), gap: .microseconds(4_500)),
        ])
        try simulation.run(until: .seconds(60))
        // It is kept its half, and no more, though it computes for a fraction of that.
        #expect(simulation.engines[0].computed / .seconds(60) > 0.48)
    }

    @Test func `an idle engine that says so is not waited for`() {
        var gate = GateState()
        let (owed, other) = (gate.join(), gate.join())
        // Two turns in a row, to be known for coming back at once.
        for time in [0, 1] {
            guard case .go(let ticket) = gate.request(owed, now: .milliseconds(time)) else {
                Issue.record("an idle gate makes the first one wait")
                return
            }
            gate.finish(owed, ticket, now: .milliseconds(time) + .microseconds(500))
        }
        guard case .go(let long) = gate.request(other, now: .milliseconds(2)) else { return }
        gate.finish(other, long, now: .milliseconds(900))
        guard case .go(let short) = gate.request(owed, now: .milliseconds(900)) else { return }
        let answer1 = gate.request(other, now: .milliseconds(901))
        #expect(answer1 == .wait(until: nil))
        gate.finish(owed, short, now: .milliseconds(902))
        let answer2 = gate.takeWakeUp()
        #expect(answer2 == other)
        // It is owed 890 ms, but stayed away for long: nothing is kept.
        guard case .go = gate.poll(other, now: .milliseconds(902)) else {
            Issue.record("a turn is kept for one that stayed away for 900 ms")
            return
        }
    }

    @Test func `a revoked turn passes on, and its late end counts for nothing`() {
        var gate = GateState()
        let (hung, next, third) = (gate.join(), gate.join(), gate.join())
        guard case .go(let stale) = gate.request(hung, now: .zero) else { return }
        let answer3 = gate.request(next, now: .seconds(1))
        #expect(answer3 == .wait(until: nil))
        #expect(gate.turnStart(hung) == .zero)
        let answer4 = gate.revoke(hung, now: .seconds(30))
        #expect(answer4)
        let answer5 = gate.revoke(hung, now: .seconds(30))
        #expect(!answer5)
        let answer6 = gate.takeWakeUp()
        #expect(answer6 == next)
        guard case .go(let ticket) = gate.poll(next, now: .seconds(30)) else {
            Issue.record("the next does not go on")
            return
        }
        let answer7 = gate.request(third, now: .seconds(31))
        #expect(answer7 == .wait(until: nil))
        gate.finish(hung, stale, now: .seconds(32))
        let answer8 = gate.takeWakeUp()
        #expect(answer8 == nil)
        #expect(gate.turnStart(next) == .seconds(30))
        gate.finish(next, ticket, now: .seconds(33))
        let answer9 = gate.takeWakeUp()
        #expect(answer9 == third)
        #expect(gate.shares.usedTime(hung) == .seconds(30))
        #expect(gate.violation() == nil)
    }

    /// The second seed is new in every run; a failure prints it.
    @Test(arguments: [1, UInt64.random(in: .min ... .max)])
    func `random engines all compute and nobody waits for ever`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<40 {
            var simulation = GateSimulation(
                (0..<Int.random(in: 1...6, using: &generator)).map { _ in
                    let pause = Int.random(in: 1...400, using: &generator)
                    return .init(
                        step: .microseconds(Int.random(in: 100...90_000, using: &generator)),
                        gap: .microseconds(Int.random(in: 0...9_000, using: &generator)),
                        isBusy: { Int($0 / .milliseconds(1)) / pause % 3 != 0 })
                })
            do {
                try simulation.run(until: .seconds(5))
            } catch {
                Issue.record("seed \(seed): \(error)")
                return
            }
            #expect(simulation.engines.allSatisfy { $0.computed > .zero }, "seed \(seed)")
            // Each of the others may be a longest step behind, and go on for another.
            let longest = simulation.engines.map(\.step).max() ?? .zero
            let bound = (longest + GateState.graceMax) * 2 * (simulation.engines.count - 1)
            for engine in simulation.engines {
                #expect(engine.longestWait <= bound, "seed \(seed)")
            }
        }
    }
}
