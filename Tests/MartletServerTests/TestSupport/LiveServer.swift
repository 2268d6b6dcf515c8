import Logging
import MartletEngine
import MartletServer
import ServiceLifecycle

/// A server on a port of its own, for the time of a test.
struct LiveServer: Sendable {
    let port: Int
    let engine: AsyncEngine
    let models: ModelManager
    private let group: ServiceGroup

    /// Begins a graceful shutdown, as SIGTERM does.
    func shutDown() async {
        await group.triggerGracefulShutdown()
    }

    /// Runs a server on `model` while `body` runs, and shuts it down.
    ///
    /// - Parameters:
    ///   - others: Models beside the default one.
    ///   - waits: Whether `body` begins only once the models are loaded.
    static func run(
        _ model: TestModel = TestModel(), others: [TestModel] = [], waits: Bool = true,
        shutdownTimeout: Duration = .seconds(30),
        configure: (inout ServerConfiguration) -> Void = { _ in },
        _ body: @escaping @Sendable (LiveServer) async throws -> Void
    ) async throws {
        var configuration = ServerConfiguration()
        configuration.port = 0
        configure(&configuration)
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "test")
        logger.logLevel = .error
        let models = try TestModel.manager([model] + others, shutdownTimeout: shutdownTimeout)
        let server = MartletServer(
            models: models,
            configuration: configuration, logger: logger,
            onListening: { port.yield($0 ?? 0) })
        let group = ServiceGroup(services: [server], logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.makeAsyncIterator()
            guard let number = await iterator.next() else { return }
            let live = LiveServer(port: number, engine: model.engine, models: models, group: group)
            do {
                while waits, models.statuses.contains(where: { $0.isAwaited }) {
                    try await Task.sleep(for: .milliseconds(1))
                }
                try await body(live)
            } catch {
                await group.triggerGracefulShutdown()
                try? await tasks.waitForAll()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

extension ModelStatus {
    /// Whether the model is on its way into memory from the start.
    fileprivate var isAwaited: Bool { definition.loadsEagerly && state != .ready }
}
