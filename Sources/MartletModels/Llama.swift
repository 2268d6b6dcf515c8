import MartletWeights

/// Llama 2 and 3.x, and what shares their shape: TinyLlama, SmolLM, SmolLM2.
///
/// - Source: Touvron et al., Llama 2, 2023; transformers 5 `modeling_llama.py`.
enum Llama {
    static func load(_ loader: WeightLoader) throws(WeightsError) -> any LanguageModel {
        let configuration = loader.configuration
        let sizes = try DecoderConfiguration(configuration)
        var biases: GatedBlockBiases = []
        if try configuration.boolean("attention_bias", default: false) {
            biases.formUnion([.queryKeyValue, .output])
        }
        if try configuration.boolean("mlp_bias", default: false) {
            biases.insert(.feedForward)
        }
        return try RotaryDecoder(loader, sizes) { name, layer, rotary throws(WeightsError) in
            try loader.gatedBlock(name, layer: layer, sizes, rotary: rotary, biases: biases)
        }
    }
}
