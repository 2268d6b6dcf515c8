public import ServiceLifecycle

extension AsyncEngine: Service {
    /// Serves until the service group shuts down gracefully, or the task is cancelled.
    ///
    /// On a graceful shutdown, open requests have ``AsyncEngineConfiguration/shutdownTimeout`` to
    /// finish.
    public func run() async throws {
        do {
            try await start()
            try await gracefulShutdown()
        } catch is CancellationError {
            await stop()
            return
        } catch {
            await stop()
            throw error
        }
        await drain(timeout: configuration.shutdownTimeout)
        await stop()
    }

    /// Starts an engine for the time that `body` runs, and stops it however `body` ends.
    public static func withEngine<Result: Sendable>(
        configuration: AsyncEngineConfiguration,
        body: (AsyncEngine) async throws -> Result
    ) async throws -> Result {
        let engine = AsyncEngine(configuration: configuration)
        do {
            try await engine.start()
            let result = try await body(engine)
            await engine.stop()
            return result
        } catch {
            await engine.stop()
            throw error
        }
    }
}
