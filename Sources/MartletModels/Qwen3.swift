import MartletWeights

/// Qwen3: Llama with an RMS norm on every query and key head, heads of a size of their own, and a
/// sliding window in the upper layers where the configuration asks for it.
///
/// - Source: Yang et al., Qwen3 Technical Report, 2025; transformers 5 `modeling_qwen3.py`.
enum Qwen3 {
    static func load(_ loader: WeightLoader) throws(WeightsError) -> any LanguageModel {
        let configuration = loader.configuration
        let sizes = try DecoderConfiguration(configuration)
        let windows = try configuration.slidingWindows(layerCount: sizes.layerCount)
        let biased = try configuration.boolean("attention_bias", default: false)
        return try RotaryDecoder(loader, sizes) { name, layer, rotary throws(WeightsError) in
            try loader.gatedBlock(
                name, layer: layer, sizes, rotary: rotary,
                biases: biased ? [.queryKeyValue, .output] : [], headNorms: true,
                slidingWindow: windows[layer])
        }
    }
}
