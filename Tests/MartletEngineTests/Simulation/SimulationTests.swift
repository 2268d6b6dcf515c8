import Foundation
import Testing

@Suite(.timeLimit(.minutes(30))) struct SimulationTests {
    /// How many events to run; a long run sets it.
    private static let eventCount =
        ProcessInfo.processInfo.environment["MARTLET_SIMULATION_EVENTS"].flatMap { Int($0) }
        ?? 20_000

    @Test(arguments: [1, UInt64.random(in: 2...(.max))])
    func `whatever happens, every request ends exactly once and every block comes back`(
        seed: UInt64
    ) async throws {
        var simulation = EngineSimulation(seed: seed)
        do {
            try await simulation.run(eventCount: Self.eventCount)
        } catch {
            Issue.record("seed \(seed): \(error), after \(simulation.counts)")
        }
        #expect(simulation.admittedCount > Self.eventCount / 50)
        for event in [
            "submit", "refused", "turn", "read", "stall", "cancel", "leave", "expire", "fail",
            "pause", "sleep", "wake", "abort", "load", "unload",
        ] {
            #expect(simulation.counts[event, default: 0] > 0, "no \(event)")
        }
    }
}
