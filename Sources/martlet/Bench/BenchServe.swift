import ArgumentParser
import MartletJSON

/// `martlet bench serve`.
struct BenchServe: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Measure any OpenAI-compatible server with streamed completions.",
        discussion: """
            Prompts are random token ids. TTFT is the time to the first token, ITL the time \
            between two chunks of tokens, E2E the time to the last; all at the client.
            """)

    @Option(help: "Where the server is.")
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

    @Option(help: "Where prompts come from; random is what there is.")
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
            throw ValidationError("--vocab-size must be at least 2, --timeout at least 1.")
        }
    }

    func run() async throws {
        try await CommandFailure.reporting {
            let client = CompletionClient(
                baseURL: baseURL, apiKey: apiKey, timeoutSeconds: timeout,
                concurrency: concurrency ?? load.numPrompts)
            do {
                var name = model
                if name == nil { name = try await client.firstModel() }
                let generator = LoadGenerator(
                    client: client, model: name ?? "",
                    prompts: load.prompts(vocabularySize: vocabSize, seed: seed),
                    outputLength: load.outputLen, concurrency: concurrency ?? load.numPrompts,
                    requestRate: requestRate, seed: seed)
                let report = await generator.run()
                try await client.shutdown()
                StandardOutput.write(report.table)
                if json {
                    let line = report.json.serialized
                    StandardOutput.write(String(decoding: line, as: UTF8.self) + "\n")
                }
                if report.completedCount == 0 {
                    throw CommandFailure.report(
                        "no request succeeded: \(report.firstError ?? "no reason known")")
                }
            } catch {
                try? await client.shutdown()
                throw error
            }
        }
    }
}
