import ArgumentParser
import FoundationEssentials
import MartletJSON

/// `martlet bench startup`.
struct BenchStartup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "startup",
        abstract: "Measure how long a server takes from its launch to its first completion.",
        discussion: """
            Starts the server again and again; the first time is not counted, since it reads the \
            checkpoint into the page cache. Without --command the server is martlet serve, to \
            which everything after -- is passed:

              martlet bench startup DIR -n 5 -- --max-model-len 1024
              martlet bench startup --url http://127.0.0.1:9000 --command "vllm serve DIR --port 9000"
            """)

    @Argument(help: "A checkpoint's directory, or a name in the Hugging Face cache.")
    var model: String?

    @Option(name: [.customShort("n"), .long], help: "How many starts are measured.")
    var numIters = 5

    @Option(help: "Where the server listens.")
    var url = "http://127.0.0.1:18765"

    @Option(help: "A command of the shell that starts another server.")
    var command: String?

    @Option(help: "Seconds that a start may take.")
    var startTimeout = 600.0

    @Flag(help: "End with one line of JSON.")
    var json = false

    @Argument(parsing: .postTerminator, help: "Further flags of martlet serve.")
    var serveFlags: [String] = []

    mutating func validate() throws {
        guard (1...1000) ~= numIters, startTimeout > 0 else {
            throw ValidationError("-n must be from 1 to 1000, --start-timeout positive.")
        }
        guard command == nil || (model == nil && serveFlags.isEmpty) else {
            throw ValidationError("With --command, model and flags belong into the command.")
        }
        guard command != nil || port != nil else {
            throw ValidationError("--url must have a port: http://127.0.0.1:18765.")
        }
    }

    private var port: Int? {
        url.split(separator: ":").last.flatMap { Int($0.prefix { $0.isNumber }) }
    }

    func run() async throws {
        let measurement = StartupMeasurement(
            url: url, arguments: try arguments(), startTimeout: startTimeout)
        let count = numIters
        let json = json
        try await CommandFailure.reporting {
            try await Interruptible.run {
                let series = try await measurement.run(count: count)
                StandardOutput.write(series.text)
                if json { StandardOutput.write(line: series.json) }
            }
        }
    }

    /// The program that is started, and its arguments.
    private func arguments() throws -> [String] {
        if let command { return ["/bin/sh", "-c", command] }
        let location = try ModelLocator().locate(model)
        let linked = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let own = linked ?? CommandLine.arguments.first ?? "martlet"
        return [
            own, "serve", location.directory, "--host", "127.0.0.1", "--port", "\(port ?? 0)",
        ] + serveFlags
    }
}
