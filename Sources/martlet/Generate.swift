import ArgumentParser
import FoundationEssentials
import MartletEngine

/// `martlet generate`.
struct Generate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Continue a text and write the continuation to standard output.")

    @OptionGroup(title: "Model")
    var engineOptions: EngineOptions

    @OptionGroup(title: "Sampling")
    var sampling: SamplingOptions

    @Option(name: .shortAndLong, help: "The text; without it, standard input is read.")
    var prompt: String?

    func run() async throws {
        // The model first: what is wrong with it shows before anybody types.
        let session = try LocalSession(engineOptions)
        let text = try prompt ?? Self.readInput()
        guard !text.isEmpty else { throw CommandFailure.report("the prompt is empty") }
        try await CommandFailure.reporting {
            try await session.withEngine { engine in
                var parameters = sampling.parameters(
                    over: try await engine.defaultSamplingParameters)
                parameters.seed = engineOptions.seed.map { Int64(truncatingIfNeeded: $0) }
                let request = GenerationRequest(prompt: .text(text), sampling: parameters)
                for try await output in try await engine.generate(request) {
                    StandardOutput.write(output.text)
                }
                StandardOutput.write("\n")
            }
        }
    }

    private static func readInput() throws -> String {
        if StandardInput.isTerminal {
            StandardError.write("Type the text to continue and end it with Ctrl-D.\n")
        }
        var text = ""
        while let line = readLine(strippingNewline: false) { text += line }
        while text.hasSuffix("\n") { text.removeLast() }
        return text
    }
}
