import MartletEngine
import MartletTestSupport
import Testing

struct ModelTableRandomTests {
    /// The second seed is new in every run; a failure prints it.
    @Test(arguments: [1, UInt64.random(in: .min ... .max)])
    func `a hundred thousand random events keep every promise`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var seen = ModelWorld.Seen()
        for episode in 0..<100 {
            do {
                var world = try ModelWorld(generator: &generator)
                for _ in 0..<1_000 { try world.step(&generator) }
                try world.settle()
                seen.add(world.seen)
            } catch {
                Issue.record("seed \(seed), episode \(episode): \(error)")
                return
            }
        }
        // The run is worth something only if it went where the trouble is.
        #expect(seen.grants > 5_000, "seed \(seed)")
        #expect(seen.evictions > 500, "seed \(seed)")
        #expect(seen.refusals > 500, "seed \(seed)")
        #expect(seen.reloads > 500, "seed \(seed)")
        #expect(seen.forcedEnds > 50, "seed \(seed)")
    }
}
