import MartletWeights

/// Qwen2 and Qwen2.5: Llama with biases on query, key and value, and a sliding window in the upper
/// layers where the configuration asks for it.
///
/// - Source: Yang et al., Qwen2 Technical Report, 2024; transformers 5 `modeling_qwen2.py`.
enum Qwen2 {
    static func load(_ loader: WeightLoader) throws(WeightsError) -> any LanguageModel {
        let sizes = try DecoderConfiguration(loader.configuration)
        let windows = try loader.configuration.slidingWindows(layerCount: sizes.layerCount)
        return try RotaryDecoder(loader, sizes) { name, layer, rotary throws(WeightsError) in
            try loader.gatedBlock(
                name, layer: layer, sizes, rotary: rotary, biases: .queryKeyValue,
                slidingWindow: windows[layer])
        }
    }
}
