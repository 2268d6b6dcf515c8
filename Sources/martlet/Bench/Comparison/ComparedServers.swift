import ArgumentParser
import MartletJSON

/// The two servers of a comparison.
struct ComparedServers: ParsableArguments {
    @Option(help: "Where the server is.")
    var url = "http://127.0.0.1:8000"

    @Option(name: [.customLong("peer"), .customLong("peer-url")], help: "Where the peer is.")
    var peerURL: String

    @Option(help: "What the server is called in the report.")
    var label = "martlet"

    @Option(help: "What the peer is called in the report.")
    var peerLabel = "peer"

    @Option(help: "The server's model; by default the first that it lists.")
    var model: String?

    @Option(help: "The peer's model; by default the first that it lists.")
    var peerModel: String?

    @Option(help: "A command of the shell that starts the server for each of its turns.")
    var command: String?

    @Option(help: "A command of the shell that starts the peer for each of its turns.")
    var peerCommand: String?

    @Option(help: "The server's process, to read its processor time and memory.")
    var pid: Int?

    @Option(help: "The peer's process, to read its processor time and memory.")
    var peerPid: Int?

    @Option(help: "Seconds that a start may take.")
    var startTimeout = 600.0

    @Option(help: "A key for both servers. Also from OPENAI_API_KEY.")
    var apiKey: String?

    @Option(help: "Seconds that a request may take.")
    var timeout = 900

    mutating func validate() throws {
        guard command == nil || pid == nil, peerCommand == nil || peerPid == nil else {
            throw ValidationError("Give a command or a pid: a server that is started has its own.")
        }
        guard label != peerLabel else {
            throw ValidationError("--label and --peer-label must differ.")
        }
        guard url != peerURL || (command != nil && peerCommand != nil) else {
            throw ValidationError(
                "--url and --peer are the same; that works only with --command and "
                    + "--peer-command.")
        }
        guard timeout > 0, startTimeout > 0 else {
            throw ValidationError("--timeout and --start-timeout must be positive.")
        }
        for (name, pid) in [("--pid", pid), ("--peer-pid", peerPid)] {
            guard let pid, ProcessUsage.of(pid) == nil else { continue }
            throw ValidationError("\(name): no process \(pid) can be read.")
        }
    }

    var subject: ServerUnderTest {
        ServerUnderTest(
            label: label, url: url, model: model, command: command, pid: pid,
            startTimeout: startTimeout, apiKey: apiKey, timeout: timeout)
    }

    var peer: ServerUnderTest {
        ServerUnderTest(
            label: peerLabel, url: peerURL, model: peerModel, command: peerCommand, pid: peerPid,
            startTimeout: startTimeout, apiKey: apiKey, timeout: timeout)
    }
}

extension ServerUnderTest {
    /// How it is called and started, for scripts.
    var json: JSONValue {
        [
            "label": .string(label), "command": command.map { .string($0) } ?? .null,
        ]
    }
}
