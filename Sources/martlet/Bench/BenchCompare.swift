import ArgumentParser
import FoundationEssentials
import MartletJSON

/// `martlet bench compare`.
struct BenchCompare: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Put the same loads on two servers in turn, and compare them.",
        discussion: """
            Rounds alternate: A B, B A, A B. With --command and --peer-command each server runs \
            only during its turn, so that one which spins while idle takes nothing from the \
            other; without them both have to be up, and with --pid and --peer-pid the report says \
            what the waiting one took. A load is CONCURRENCY:REQUESTS, of 128 tokens in and 64 \
            out, or CONCURRENCY:REQUESTS:INPUT:OUTPUT.

              martlet bench compare --loads 1:4,16:48 \\
                --command "martlet serve DIR --port 8000" --url http://127.0.0.1:8000 \\
                --peer-command "llama-server -m F.gguf --port 9000" --peer http://127.0.0.1:9000
            """)

    @OptionGroup(title: "Servers")
    var servers: ComparedServers

    @Option(help: "How often each load is put on each server.")
    var rounds = 3

    @Option(help: "Loads, separated by commas.")
    var loads = "1:4,16:48,100:100"

    @Option(name: .customLong("warmup"), help: "A load before each turn, unmeasured; or none.")
    var warmUp = "2:4:32:8"

    @Option(help: "Prompts are of token ids below this.")
    var vocabSize = 1000

    @Option(help: "Seed of the prompts; a server with a prefix cache needs a new one each time.")
    var seed: UInt64 = 0

    @Option(help: "A file that the report is written to, as JSON.")
    var out: String?

    @Flag(help: "End with one line of JSON.")
    var json = false

    mutating func validate() throws {
        guard (1...1000) ~= rounds else {
            throw ValidationError("--rounds must be from 1 to 1000.")
        }
        guard vocabSize > 1, vocabSize < 1 << 24 else {
            throw ValidationError("--vocab-size must be from 2 to 16777215.")
        }
        _ = try shapes(loads, "--loads")
        if warmUp != "none" { _ = try shapes(warmUp, "--warmup") }
    }

    private func shapes(_ text: String, _ name: String) throws -> [LoadShape] {
        try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            guard let shape = LoadShape(parsing: part) else {
                throw ValidationError(
                    "\(name): '\(part)' is no load; write CONCURRENCY:REQUESTS or "
                        + "CONCURRENCY:REQUESTS:INPUT:OUTPUT.")
            }
            return shape
        }
    }

    func run() async throws {
        let run = ComparisonRun(
            subject: servers.subject, peer: servers.peer, loads: try shapes(loads, "--loads"),
            roundCount: rounds,
            warmUp: warmUp == "none" ? nil : try shapes(warmUp, "--warmup").first,
            vocabularySize: vocabSize, seed: seed)
        let command = self
        try await CommandFailure.reporting {
            try await Interruptible.run { try command.report(try await run.run()) }
        }
    }

    private func report(_ comparison: Comparison) throws {
        let subject = servers.subject
        let peer = servers.peer
        StandardOutput.write(comparison.text(subject: subject.label, peer: peer.label))
        let document: JSONValue = [
            "date": .string(Date.now.formatted(.iso8601)), "machine": MachineDescription.json,
            "subject": subject.json, "peer": peer.json, "seed": .string("\(seed)"),
            "loads": comparison.json,
        ]
        if json { StandardOutput.write(line: document) }
        guard let out else { return }
        do {
            try Data(document.serialized + [UInt8(ascii: "\n")]).write(
                to: URL(filePath: out), options: .atomic)
        } catch {
            throw CommandFailure.report("--out: \(out) cannot be written: \(error)")
        }
    }
}
