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
            turn new requests away and let open ones finish for --shutdown-timeout; a second one \
            exits at once.

            Exit status: 0 after a clean shutdown, 1 on failure, 64 for wrong arguments or a \
            wrong configuration file, 66 if the model is not found, 69 if the address cannot be \
            used, 130 after a second SIGINT and 143 after a second SIGTERM.
            """)

    @Option(help: "A YAML file with flags and models; the command line has the last word.")
    var config: String?

    @OptionGroup(title: "Model")
    var engineOptions: EngineOptions

    @Argument(help: "Further models to serve from the same process.")
    var furtherModels: [String] = []

    @OptionGroup(title: "Several models")
    var management: ManagementOptions

    @OptionGroup(title: "Limits")
    var limits: LimitOptions

    @OptionGroup(title: "Server")
    var serverOptions: ServerOptions

    func run() async throws {
        // Before anything slow: a signal while the model loads must end the process cleanly.
        let signals = Signals([Signals.interrupt, Signals.terminate])
        let logger = try ToolLogger.make("martlet", level: engineOptions.logLevel)
        for note in engineOptions.ignored.notes { logger.notice("\(note)") }
        let files = FileLimit.raise()
        if files < FileLimit.wanted {
            logger.warning(
                "the system allows \(files) open files, so about as many connections at most")
        }
        do {
            let models = try modelManager(logger: logger)
            var services: [any Service] = [makeServer(models, logger: logger)]
            if !engineOptions.disableLogStats {
                services.insert(ThroughputLog(models: models, logger: logger), at: 0)
            }
            let group = ServiceGroup(services: services, logger: quiet(logger))
            try await Self.run(group, until: signals)
        } catch {
            throw failure(error)
        }
    }

    private func makeServer(_ models: ModelManager, logger: Logger) -> MartletServer {
        var settings = serverOptions.configuration()
        if let seconds = limits.readerTimeout { settings.writeTimeout = .seconds(seconds) }
        let loading = LoadingDisplay(models.statuses, configuration: settings)
        return MartletServer(
            models: models, configuration: settings, logger: quiet(logger),
            onListening: { port in loading.listening(on: port) },
            onLoading: { name, event in
                switch event {
                case .progress(let fraction): loading.update(name, fraction)
                case .ready: loading.ready(name)
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
        case let error as ExitCode:
            return error
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
