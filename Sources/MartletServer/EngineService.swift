import MartletEngine
import ServiceLifecycle

/// Runs the engines of a catalog: loads them, and ends them gently.
struct EngineService: Service {
    let catalog: ModelCatalog
    let status: ServerStatus
    let timeout: Duration
    let onLoading: @Sendable (String, MartletServer.LoadingEvent) -> Void

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await start() }
            // Returns at once where the shutdown has begun while models were loading.
            try await gracefulShutdown()
        } catch  where Task.isShuttingDownGracefully && error is CancellationError {
            // The shutdown came while models were loading: there is nothing to finish.
        } catch {
            status.beginDraining()
            await stop()
            throw error
        }
        status.beginDraining()
        await drain()
        await stop()
    }

    /// Loads one model after the other: each load uses every core.
    private func start() async throws {
        for model in catalog.models {
            let name = model.name
            try await model.engine.start { progress in
                onLoading(name, .progress(progress.fraction))
            }
            onLoading(name, .ready)
        }
    }

    private func drain() async {
        await withDiscardingTaskGroup { group in
            for model in catalog.models {
                group.addTask { await model.engine.drain(timeout: timeout) }
            }
        }
    }

    private func stop() async {
        for model in catalog.models { await model.engine.stop() }
    }
}
