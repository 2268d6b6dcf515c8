import ArgumentParser
import MartletEngine
import MartletJSON

/// What a benchmark of an engine in this process is asked for, and its run.
struct EngineBenchmark<Load: EngineLoad>: ParsableArguments, Sendable {
    /// What is written at the end: for people, and for scripts that ask for it.
    typealias Report = (text: String, json: JSONValue)

    @OptionGroup(title: "Model")
    var engineOptions: EngineOptions

    @OptionGroup(title: "Load")
    var load: Load

    @Flag(help: "End with one line of JSON.")
    var json = false

    /// Loads the model and writes what `measure` makes of it and the load.
    func run(
        _ measure: @escaping @Sendable (EngineBatch) async throws -> Report
    ) async throws {
        let benchmark = self
        try await CommandFailure.reporting {
            try await Interruptible.run { try await benchmark.runUninterrupted(measure) }
        }
    }

    private func runUninterrupted(
        _ measure: (EngineBatch) async throws -> Report
    ) async throws {
        let session = try LocalSession(engineOptions)
        try await session.withEngine { engine in
            let batch = EngineBatch(
                engine: engine, information: try await engine.modelConfiguration,
                shape: load.shape, seed: engineOptions.seed ?? 0)
            try batch.check()
            let report = try await measure(batch)
            StandardOutput.write(report.text)
            if json { StandardOutput.write(line: report.json) }
        }
    }
}

/// Options that say what an engine is given to do at once.
protocol EngineLoad: ParsableArguments, Sendable {
    var shape: LoadShape { get }
}
