import Foundation
import MartletTestSupport

/// Writes a model's directory field by field and tensor by tensor, so that each can be wrong.
struct TinyCheckpoint {
    /// `config.json`.
    var configuration: [String: Any]
    /// Shapes by name; every element is bf16 zero.
    var tensors: [String: [Int]]
    /// `generation_config.json`, where there is to be one.
    var generation: [String: Any]?

    /// A Llama of two layers: hidden 8, two heads on one, vocabulary 10, untied.
    static var llama: TinyCheckpoint {
        var tensors: [String: [Int]] = [
            "model.embed_tokens.weight": [10, 8], "model.norm.weight": [8],
            "lm_head.weight": [10, 8],
        ]
        for layer in ["model.layers.0.", "model.layers.1."] {
            tensors[layer + "input_layernorm.weight"] = [8]
            tensors[layer + "post_attention_layernorm.weight"] = [8]
            tensors[layer + "self_attn.q_proj.weight"] = [8, 8]
            tensors[layer + "self_attn.k_proj.weight"] = [4, 8]
            tensors[layer + "self_attn.v_proj.weight"] = [4, 8]
            tensors[layer + "self_attn.o_proj.weight"] = [8, 8]
            tensors[layer + "mlp.gate_proj.weight"] = [12, 8]
            tensors[layer + "mlp.up_proj.weight"] = [12, 8]
            tensors[layer + "mlp.down_proj.weight"] = [8, 12]
        }
        return TinyCheckpoint(
            configuration: [
                "architectures": ["LlamaForCausalLM"], "model_type": "llama", "hidden_size": 8,
                "num_hidden_layers": 2, "num_attention_heads": 2, "num_key_value_heads": 1,
                "intermediate_size": 12, "vocab_size": 10, "max_position_embeddings": 32,
                "rms_norm_eps": 1e-5, "tie_word_embeddings": false, "eos_token_id": 2,
                "bos_token_id": 1,
            ], tensors: tensors)
    }

    /// Writes all files into a directory of its own.
    func write() throws -> TemporaryDirectory {
        let directory = try TemporaryDirectory()
        func write(_ object: [String: Any], _ name: String) throws {
            try directory.write(try JSONSerialization.data(withJSONObject: object), name)
        }
        try write(configuration, "config.json")
        if let generation { try write(generation, "generation_config.json") }
        var header: [String: Any] = [:]
        var end = 0
        for (name, shape) in tensors.sorted(by: { $0.key < $1.key }) {
            let byteCount = shape.reduce(2, *)
            header[name] = [
                "dtype": "BF16", "shape": shape, "data_offsets": [end, end + byteCount],
            ]
            end += byteCount
        }
        let text = try JSONSerialization.data(withJSONObject: header)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: text.count >> (8 * $0)) }
        try directory.write(
            length + text + Data(count: end), "model.safetensors")
        return directory
    }
}
