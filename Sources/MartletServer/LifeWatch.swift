import MartletEngine
import ServiceLifecycle

/// Follows the server through its life: tells how far the first models are, and everybody when the
/// shutdown begins.
struct LifeWatch: Service {
    let models: ModelManager
    let status: ServerStatus
    let onLoading: @Sendable (String, MartletServer.LoadingEvent) -> Void

    private static let interval = Duration.milliseconds(50)

    func run() async throws {
        do {
            try await cancelWhenGracefulShutdown { try await followLoading() }
            try await gracefulShutdown()
        } catch {
            // The shutdown has begun, or the group has failed; both end the service.
        }
        status.beginDraining()
    }

    private func followLoading() async throws {
        var open = Set(models.statuses.filter(\.definition.loadsEagerly).map(\.name))
        while true {
            let isLast = models.hasLoadedEagerModels
            for model in models.statuses where open.contains(model.name) {
                switch model.state {
                case .loading(let fraction): onLoading(model.name, .progress(fraction))
                case .ready:
                    open.remove(model.name)
                    onLoading(model.name, .ready)
                case .failed: open.remove(model.name)
                case .unloaded, .unloading: continue
                }
            }
            if isLast { break }
            try await Task.sleep(for: Self.interval)
        }
        status.endStarting()
    }
}
