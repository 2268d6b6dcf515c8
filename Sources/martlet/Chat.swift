import ArgumentParser
import MartletEngine

/// `martlet chat`.
struct Chat: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Talk with a model in the terminal.",
        discussion: """
            /clear forgets the conversation, /exit or Ctrl-D ends it, and Ctrl-C cuts an answer \
            short. Without a terminal, each line of standard input is a turn.
            """)

    @OptionGroup(title: "Model")
    var engineOptions: EngineOptions

    @OptionGroup(title: "Sampling")
    var sampling: SamplingOptions

    @Option(name: .customLong("system"), help: "Instructions to the model.")
    var systemPrompt: String?

    func run() async throws {
        try await CommandFailure.reporting {
            let session = try LocalSession(engineOptions)
            try await session.withEngine { engine in
                var parameters = sampling.parameters(
                    over: try await engine.defaultSamplingParameters)
                parameters.seed = engineOptions.seed.map { Int64(truncatingIfNeeded: $0) }
                if StandardInput.isTerminal {
                    StandardError.write(
                        "Talking with \(session.location.name). /exit leaves, /clear starts over.\n"
                    )
                }
                var dialogue = Dialogue(
                    engine: engine, sampling: parameters, systemPrompt: systemPrompt)
                try await dialogue.run()
            }
        }
    }
}
