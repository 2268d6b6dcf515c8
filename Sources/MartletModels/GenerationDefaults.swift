package import MartletWeights

/// The sampling parameters that a model's authors recommend, from `generation_config.json`; nil
/// where they say nothing.
package struct GenerationDefaults: Sendable, Hashable {
    package var temperature: Double?
    package var topP: Double?
    /// 0 means no limit.
    package var topK: Int?
    package var minP: Double?
    package var repetitionPenalty: Double?
    /// Longest generation in tokens.
    package var maximumNewTokenCount: Int?
    /// Whether to sample at all; false asks for the most likely token.
    package var samples: Bool?

    package init() {}

    package init(_ file: ConfigurationFile) throws(WeightsError) {
        temperature = try file.numberIfPresent("temperature", in: 0...1_000)
        topP = try file.numberIfPresent("top_p", in: 0...1)
        topK = try file.integerIfPresent("top_k", in: 0...Int(Int32.max))
        minP = try file.numberIfPresent("min_p", in: 0...1)
        repetitionPenalty = try file.numberIfPresent("repetition_penalty", in: 0.001...1_000)
        maximumNewTokenCount = try file.integerIfPresent(
            "max_new_tokens", in: 1...Int(Int32.max))
        samples = try file.booleanIfPresent("do_sample")
    }
}
