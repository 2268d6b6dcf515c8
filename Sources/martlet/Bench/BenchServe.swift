import ArgumentParser
import MartletJSON

/// `martlet bench serve`.
struct BenchServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Measure any OpenAI-compatible server with streamed completions.",
        discussion: """
            Prompts are random token ids, which no prefix cache can help. TTFT is the time to the \
            first token, TPOT a request's mean time for a token after it, ITL the time between \
            two chunks of tokens, E2E the time to the end; all at the client. Tokens are those \
            that the server reports, since a chunk may hold several.
            """)

    @Option(name: [.long, .customLong("url")], help: "Where the server is.")
    var baseURL = "http://127.0.0.1:8000"

    @Option(help: "The model to ask for; by default the server's first.")
    var model: String?

    @Option(help: "A key for the server. Also from OPENAI_API_KEY.")
    var apiKey: String?

    @OptionGroup(title: "Load")
    var load: LoadOptions

    @Option(
        name: [.long, .customLong("max-concurrency")],
        help: "The most requests open at a time; by default all of them.")
    var concurrency: Int?

    @Option(help: "Requests begun in a second, at random intervals; by default all at once.")
    var requestRate: Double?

    @Option(
        name: [.long, .customLong("dataset-name")],
        help: "Where prompts come from; random is what there is.")
    var dataset = "random"

    @Option(help: "Prompts are of token ids below this.")
    var vocabSize = 1000

    @Option(help: "Seed of prompts and intervals.")
    var seed: UInt64 = 0

    @Option(help: "Seconds that a request may take.")
    var timeout = 600

    @Flag(help: "End with one line of JSON.")
    var json = false

    mutating func validate() throws {
        guard dataset == "random" else {
            throw ValidationError("--dataset must be random.")
        }
        if let concurrency, concurrency < 1 {
            throw ValidationError("--concurrency must be at least 1.")
        }
        if let requestRate, !(requestRate > 0) {
            throw ValidationError("--request-rate must be positive.")
        }
        guard vocabSize > 1, vocabSize < 1 << 24, timeout > 0 else {
            throw ValidationError(
                "--vocab-size must be from 2 to 16777215, --timeout at least 1.")
        }
    }

    func run() async throws {
        let command = self
        try await CommandFailure.reporting {
            try await Interruptible.run { try await command.measure() }
        }
    }

    private func measure() async throws {
        let shape = load.shape(concurrency: concurrency)
        let report = try await CompletionClient.with(
            baseURL: baseURL, apiKey: apiKey, timeoutSeconds: timeout,
            concurrency: shape.concurrency
        ) { client in
            var name = model
            if name == nil { name = try await client.firstModel() }
            let generator = LoadGenerator(
                client: client, model: name ?? "", shape: shape, vocabularySize: vocabSize,
                seed: seed, requestRate: requestRate)
            return try await generator.run()
        }
        StandardOutput.write(report.text)
        if json { StandardOutput.write(line: report.json) }
        if report.completedCount == 0 {
            throw CommandFailure.report(
                "no request succeeded: \(report.commonestFailure ?? "no reason known")")
        }
    }
}
