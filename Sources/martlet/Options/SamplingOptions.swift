import ArgumentParser
import MartletEngine

/// How `generate` and `chat` choose tokens; what is not given is the model's default.
struct SamplingOptions: ParsableArguments {
    @Option(help: "The most tokens to generate.")
    var maxTokens: Int?

    @Option(help: "0 always takes the most probable token; higher values are more random.")
    var temperature: Float?

    @Option(help: "Keeps the most probable tokens up to this mass.")
    var topP: Float?

    @Option(help: "Keeps this many of the most probable tokens.")
    var topK: Int?

    @Option(help: "Drops tokens less probable than this share of the most probable one.")
    var minP: Float?

    @Option(help: "Penalty on tokens seen before; 1 is none.")
    var repetitionPenalty: Float?

    @Option(parsing: .singleValue, help: "Text that ends the output; may be repeated.")
    var stop: [String] = []

    /// The parameters over a model's defaults.
    func parameters(over defaults: SamplingParameters) -> SamplingParameters {
        var result = defaults
        result.maximumTokenCount = maxTokens
        result.temperature = temperature ?? defaults.temperature
        result.topP = topP ?? defaults.topP
        result.topK = topK ?? defaults.topK
        result.minP = minP ?? defaults.minP
        result.repetitionPenalty = repetitionPenalty ?? defaults.repetitionPenalty
        if !stop.isEmpty { result.stop = stop }
        return result
    }
}
