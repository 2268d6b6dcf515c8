import ArgumentParser
import Logging
import MartletEngine
import MartletServer
import NIOCore
import ServiceLifecycle

/// `martlet serve`.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve a model over HTTP and WebSocket.",
        discussion: """
            Flags are named as vLLM's; underscores and dashes are the same. SIGTERM and SIGINT \
            turn new requests away and let open ones finish; a second one exits at once.
            """)

    @OptionGroup(title: "Model")
    var engineOptions: EngineOptions

    @OptionGroup(title: "Server")
    var serverOptions: ServerOptions

    func run() async throws {
        // Before anything slow: a signal while the model loads must end the process cleanly.
        let signals = Signals([Signals.interrupt, Signals.terminate])
        let logger = try ToolLogger.make("martlet", level: engineOptions.logLevel)
        for note in engineOptions.ignored.notes { logger.notice("\(note)") }
        let location = try ModelLocator().locate(engineOptions.model)
        var configuration = try engineOptions.configuration(directory: location.directory)
        configuration.shutdownTimeout = .seconds(serverOptions.shutdownTimeout)
        let names =
            serverOptions.servedModelName.isEmpty ? [location.name] : serverOptions.servedModelName
        let engine = AsyncEngine(configuration: configuration, logger: logger)
        let model = ModelCatalog.Model(names: names, engine: engine)
        let server = makeServer(model, logger: logger)
        let group = ServiceGroup(services: [server], logger: quiet(logger))
        do {
            try await Self.run(group, until: signals)
        } catch {
            throw failure(error)
        }
    }

    private func makeServer(_ model: ModelCatalog.Model, logger: Logger) -> MartletServer {
        let settings = serverOptions.configuration()
        let bar = ProgressBar(name: model.name)
        let greeting = Greeting(model: model.name, configuration: settings)
        bar.update(0)
        return MartletServer(
            catalog: ModelCatalog([model]), configuration: settings, logger: quiet(logger),
            onListening: { port in greeting.listening(on: port) },
            onLoading: { _, event in
                switch event {
                case .progress(let fraction): bar.update(fraction)
                case .ready:
                    bar.end()
                    greeting.ready()
                }
            })
    }

    /// The frameworks' own notes are for debugging.
    private func quiet(_ logger: Logger) -> Logger {
        var logger = logger
        if logger.logLevel == .info { logger.logLevel = .notice }
        return logger
    }

    private static func run(_ group: ServiceGroup, until signals: Signals) async throws {
        defer { signals.end() }
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            tasks.addTask {
                var count = 0
                for await signal in signals.received {
                    count += 1
                    guard count == 1 else { Signals.exitProcess(after: signal) }
                    StandardError.write(
                        "\rfinishing open requests; a second signal exits at once\n")
                    await group.triggerGracefulShutdown()
                }
            }
            try await tasks.next()
            tasks.cancelAll()
        }
    }

    private func failure(_ error: any Error) -> any Error {
        // A failure in the middle of loading leaves half a bar on the terminal.
        if StandardError.isTerminal { StandardError.write("\r\u{1B}[K") }
        switch error {
        case let error as EngineError:
            return CommandFailure.report(error.message)
        case let error as IOError:
            let place = serverOptions.uds ?? "\(serverOptions.host):\(serverOptions.port)"
            return CommandFailure.report(
                "cannot listen on \(place): \(error)", CommandFailure.unavailable)
        default:
            return CommandFailure.report("\(error)")
        }
    }
}
