import MartletWeights

/// Mistral: Llama where every layer may look back only so many tokens.
///
/// - Source: Jiang et al., Mistral 7B, 2023; transformers 5 `modeling_mistral.py`.
enum Mistral {
    static func load(_ loader: WeightLoader) throws(WeightsError) -> any LanguageModel {
        let configuration = loader.configuration
        let sizes = try DecoderConfiguration(configuration)
        let window = try configuration.integerIfPresent(
            "sliding_window", in: ModelBounds.positions)
        return try RotaryDecoder(loader, sizes) { name, layer, rotary throws(WeightsError) in
            try loader.gatedBlock(
                name, layer: layer, sizes, rotary: rotary, slidingWindow: window)
        }
    }
}
