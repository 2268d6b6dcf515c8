import ArgumentParser
import Logging
import MartletEngine

/// An engine inside the tool, for the time of one command.
struct LocalSession {
    let location: ModelLocator.Location
    private let engine: AsyncEngine

    init(_ options: EngineOptions) throws {
        location = try ModelLocator().locate(options.model)
        let level = options.logLevel == "info" ? "notice" : options.logLevel
        engine = AsyncEngine(
            configuration: try options.configuration(directory: location.directory),
            logger: try ToolLogger.make("martlet", level: level))
    }

    /// Loads the model, showing progress on a terminal, and runs `body` with it.
    func withEngine(_ body: (AsyncEngine) async throws -> Void) async throws {
        let bar = ProgressBar(name: location.name)
        do {
            try await engine.start { progress in
                if StandardError.isTerminal { bar.update(progress.fraction) }
            }
            bar.end()
            try await body(engine)
        } catch {
            bar.end()
            await engine.stop()
            if let error = error as? EngineError { throw CommandFailure.report(error.message) }
            throw error
        }
        await engine.stop()
    }
}
