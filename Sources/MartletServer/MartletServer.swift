package import Hummingbird
import HummingbirdCore
public import Logging
import MartletEngine
import NIOCore
public import ServiceLifecycle

/// The HTTP and WebSocket server: offers the models of a catalog in the wire formats of OpenAI
/// and vLLM.
///
/// ```swift
/// let engine = AsyncEngine(configuration: .init(model: directory))
/// let server = MartletServer(catalog: ModelCatalog(name: "demo", engine: engine))
/// try await server.run()
/// ```
///
/// The server listens at once and starts the catalog's engines; `/health` and `/ready` tell when
/// they can serve. On a graceful shutdown it turns new requests away, lets open ones finish for
/// ``ServerConfiguration/shutdownTimeout``, then stops the engines and the listener.
public struct MartletServer: Service {
    private let catalog: ModelCatalog
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

    /// A server that offers `catalog`'s models; ``run()`` starts it.
    ///
    /// - Parameters:
    ///   - catalog: The models to offer; the server starts and stops their engines.
    ///   - configuration: Where to listen, and how to treat clients.
    ///   - logger: Where the server and its framework log.
    ///   - onListening: Called with the port once connections are accepted; nil for a Unix domain
    ///     socket.
    ///   - onLoading: Called with a model's name while it is loaded, on any thread.
    public init(
        catalog: ModelCatalog, configuration: ServerConfiguration = ServerConfiguration(),
        logger: Logger = Logger(label: "martlet.server"),
        onListening: @escaping @Sendable (_ port: Int?) async -> Void = { _ in },
        onLoading: @escaping @Sendable (_ model: String, LoadingEvent) -> Void = { _, _ in }
    ) {
        self.catalog = catalog
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
        let engines = EngineService(
            catalog: catalog, status: status, timeout: configuration.shutdownTimeout,
            onLoading: onLoading)
        // Services end in reverse: the engines drain while the listener still answers.
        var group = ServiceGroupConfiguration(
            services: [
                .init(service: makeApplication(status: status)),
                .init(
                    service: engines, successTerminationBehavior: .gracefullyShutdownGroup,
                    failureTerminationBehavior: .cancelGroup),
            ],
            logger: logger)
        group.maximumGracefulShutdownDuration = configuration.shutdownTimeout + .seconds(5)
        try await ServiceGroup(configuration: group).run()
    }

    /// The application, also for tests that need no socket.
    package func makeApplication() -> some ApplicationProtocol {
        makeApplication(status: ServerStatus())
    }

    private func makeApplication(
        status: ServerStatus
    ) -> Application<RouterResponder<BasicRequestContext>> {
        let routes = ServerRoutes(catalog: catalog, configuration: configuration, status: status)
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
