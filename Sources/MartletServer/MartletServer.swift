package import Hummingbird
import HummingbirdCore
public import Logging
public import MartletEngine
import NIOCore
public import ServiceLifecycle

/// The HTTP and WebSocket server: offers models in the wire formats of OpenAI and vLLM.
///
/// ```swift
/// let engine = AsyncEngine(configuration: .init(model: directory))
/// let models = try ModelManager(engine: engine, names: ["demo"])
/// let server = MartletServer(models: models)
/// try await server.run()
/// ```
///
/// The server listens at once and runs the manager; `/health` and `/ready` tell when
/// they can serve. On a graceful shutdown it turns new requests away, lets open ones finish for
/// `ModelManagerConfiguration.shutdownTimeout`, then stops the engines and the listener.
public struct MartletServer: Service {
    private let models: ModelManager
    private let configuration: ServerConfiguration
    private let logger: Logger
    private let onListening: @Sendable (Int?) async -> Void
    private let onLoading: @Sendable (String, LoadingEvent) -> Void

    /// What becomes of a model while the server starts.
    public enum LoadingEvent: Sendable {
        /// A share of the weights is loaded, 0 to 1.
        case progress(Double)
        /// The model can serve.
        case ready
    }

    /// A server that offers a manager's models; ``run()`` starts it.
    ///
    /// - Parameters:
    ///   - models: The models to offer; the server runs their manager.
    ///   - configuration: Where to listen, and how to treat clients.
    ///   - logger: Where the server and its framework log.
    ///   - onListening: Called with the port once connections are accepted; nil for a Unix domain
    ///     socket.
    ///   - onLoading: Called with a model's name while it is loaded, on any thread.
    public init(
        models: ModelManager, configuration: ServerConfiguration = ServerConfiguration(),
        logger: Logger = Logger(label: "martlet.server"),
        onListening: @escaping @Sendable (_ port: Int?) async -> Void = { _ in },
        onLoading: @escaping @Sendable (_ model: String, LoadingEvent) -> Void = { _, _ in }
    ) {
        self.models = models
        self.configuration = configuration
        self.logger = logger
        self.onListening = onListening
        self.onLoading = onLoading
    }

    /// Serves until the service group that runs it shuts down, or the task is cancelled.
    ///
    /// - Throws: `EngineError` when a model cannot be loaded, and NIO's errors when the address
    ///   cannot be used.
    public func run() async throws {
        let status = ServerStatus()
        // Services end in reverse: readiness first, then the engines drain while the listener
        // still answers.
        let watch = LifeWatch(models: models, status: status, onLoading: onLoading)
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: makeApplication(status: status)),
                .init(
                    service: models, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .cancelGroup),
                .init(service: watch, successTerminationBehavior: .ignore),
            ],
            logger: logger)
        group.maximumGracefulShutdownDuration = models.configuration.shutdownTimeout + .seconds(15)
        try await ServiceGroup(configuration: group).run()
    }

    /// The application, also for tests that need no socket.
    package func makeApplication() -> some ApplicationProtocol {
        makeApplication(status: ServerStatus())
    }

    private func makeApplication(
        status: ServerStatus
    ) -> Application<RouterResponder<BasicRequestContext>> {
        let routes = ServerRoutes(models: models, configuration: configuration, status: status)
        let address: BindAddress =
            configuration.unixSocketPath.map { .unixDomainSocket(path: $0) }
            ?? .hostname(configuration.host, port: configuration.port)
        return Application(
            router: routes.makeRouter(),
            server: HTTPServerBuilder { responder in
                ServerChannel(
                    responder: responder, configuration: configuration,
                    webSocket: WebSocketEndpoint(
                        planner: routes.planner, status: status, configuration: configuration))
            },
            configuration: ApplicationConfiguration(
                address: address, serverName: "martlet", backlog: 1024),
            onServerRunning: { channel in await onListening(channel.localAddress?.port) },
            logger: logger)
    }
}
