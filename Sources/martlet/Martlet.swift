import ArgumentParser
import MartletServer

/// The command-line tool.
@main
struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Serves large language models on the CPU, compatible with OpenAI and vLLM.",
        discussion: """
            Without a model, every command uses the small one that comes with Martlet.

            Exit status: 0 on success, 1 on failure, 64 for wrong arguments, 66 if the model is \
            not found, 69 if the address cannot be used, 130 and 143 after a second signal.
            """,
        version: MartletVersion.string,
        subcommands: [Serve.self, Generate.self, Chat.self, Quantize.self, Bench.self])

    static func main() async {
        var arguments = FlagSpelling.normalized(Array(CommandLine.arguments.dropFirst()))
        if arguments.first == "serve" {
            do throws(ConfigurationError) {
                arguments = ["serve"] + (try ConfigurationFile.expand(serveArguments))
            } catch {
                exit(withError: CommandFailure.report("\(error)", .validationFailure))
            }
        }
        await main(arguments)
    }

    /// What follows `serve` on the command line.
    static var serveArguments: [String] {
        FlagSpelling.normalized(Array(CommandLine.arguments.dropFirst(2)))
    }
}
