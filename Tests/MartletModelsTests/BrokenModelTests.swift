import MartletModels
import MartletTensor
import MartletTestSupport
import MartletWeights
import Testing

@Suite struct BrokenModelTests {
    private let pool = WorkerPool(threadCount: 1)

    private func error(_ checkpoint: TinyCheckpoint) throws -> (WeightsError?, String) {
        let directory = try checkpoint.write()
        let error = #expect(throws: WeightsError.self) {
            try ModelRegistry.loadModel(directory: directory.path, pool: pool)
        }
        return (error, directory.path)
    }

    @Test func `every missing tensor is named with its file`() throws {
        for name in TinyCheckpoint.llama.tensors.keys.sorted() {
            var checkpoint = TinyCheckpoint.llama
            checkpoint.tensors[name] = nil
            let (error, directory) = try error(checkpoint)
            #expect(
                error == .missingTensor(file: directory + "/model.safetensors", tensor: name))
        }
    }

    @Test func `every tensor of another shape is named with both shapes`() throws {
        for (name, shape) in TinyCheckpoint.llama.tensors {
            var checkpoint = TinyCheckpoint.llama
            let found = [3] + shape
            checkpoint.tensors[name] = found
            let (error, directory) = try error(checkpoint)
            #expect(
                error
                    == .wrongShape(
                        file: directory + "/model.safetensors", tensor: name, expected: shape,
                        found: found))
        }
    }

    @Test func `an architecture that is not built here is told what is`() throws {
        var checkpoint = TinyCheckpoint.llama
        checkpoint.configuration["architectures"] = ["MambaForCausalLM"]
        let (error, directory) = try error(checkpoint)
        #expect(
            error
                == .unknownArchitecture(
                    file: directory + "/config.json", found: ["MambaForCausalLM"],
                    supported: [
                        "LlamaForCausalLM", "MistralForCausalLM", "Qwen2ForCausalLM",
                        "Qwen3ForCausalLM", "OPTForCausalLM", "GPT2LMHeadModel",
                    ]))
        #expect(error?.description.contains("Qwen3ForCausalLM") == true)
    }

    /// Values of Llama's fields that are wrong, all of which must be refused by name.
    static let wrongFields: [(field: String, values: [any Sendable & Hashable])] = [
        ("hidden_size", ["8", 0, -8, 1 << 40, 8.5, true]),
        ("num_hidden_layers", ["2", 0, 1 << 30]),
        ("num_attention_heads", [0, "2", 1 << 20]),
        ("num_key_value_heads", [0, 3, "1"]),
        ("head_dim", [3, 0, 258, "4"]),
        ("intermediate_size", ["12", 0]),
        ("vocab_size", ["10", 0, 1 << 40]),
        ("max_position_embeddings", ["32", 0, 1 << 40]),
        ("rms_norm_eps", ["small", -1]),
        ("hidden_act", ["mish", 5]),
        ("tie_word_embeddings", ["yes", 1]),
        ("attention_bias", ["yes"]),
        ("mlp_bias", [0.5]),
        ("rope_theta", ["x", -1]),
        ("eos_token_id", ["x", -1, [-1]]),
        ("bos_token_id", ["x", -1]),
        ("architectures", ["LlamaForCausalLM", [1]]),
        ("quantization_config", [["bits": 4]]),
    ]

    @Test(arguments: wrongFields.indices)
    func `a field of the wrong type or range is named with its file`(index: Int) throws {
        let (field, values) = Self.wrongFields[index]
        for value in values {
            var checkpoint = TinyCheckpoint.llama
            checkpoint.configuration[field] = value
            let (error, directory) = try error(checkpoint)
            switch error {
            case .invalidField(directory + "/config.json", field, _): break
            case .unsupportedField(directory + "/config.json", field, _): break
            default: Issue.record("\(field) = \(value): \(String(describing: error))")
            }
        }
    }

    @Test func `every required field that is missing is named`() throws {
        for field in [
            "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size",
            "vocab_size", "max_position_embeddings",
        ] {
            var checkpoint = TinyCheckpoint.llama
            checkpoint.configuration[field] = nil
            let (error, directory) = try error(checkpoint)
            #expect(
                error
                    == .invalidField(
                        file: directory + "/config.json", field: field, reason: "is missing"))
        }
    }

    @Test func `a wrong field of generation_config is named with its file`() throws {
        for (field, value) in [
            ("temperature", "hot" as any Sendable), ("top_p", 1.5), ("top_k", -1), ("min_p", 2),
            ("repetition_penalty", 0), ("max_new_tokens", 0), ("do_sample", "yes"),
            ("eos_token_id", "x"),
        ] {
            var checkpoint = TinyCheckpoint.llama
            checkpoint.generation = [field: value]
            let (error, directory) = try error(checkpoint)
            guard case .invalidField(directory + "/generation_config.json", field, _) = error
            else {
                Issue.record("\(field): \(String(describing: error))")
                continue
            }
        }
    }

    @Test func `a directory without config is named`() throws {
        let directory = try TemporaryDirectory()
        let error = #expect(throws: WeightsError.self) {
            try ModelRegistry.loadModel(directory: directory.path, pool: pool)
        }
        guard case .unreadable(directory.path + "/config.json", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    /// Architectures with fields of their own, each with a good configuration and wrong values.
    @Test func `wrong fields of OPT and GPT-2 are named with their file`() throws {
        let opt: [String: any Sendable] = [
            "architectures": ["OPTForCausalLM"], "hidden_size": 8, "num_hidden_layers": 1,
            "num_attention_heads": 2, "ffn_dim": 16, "vocab_size": 10,
            "max_position_embeddings": 32,
        ]
        let gpt2: [String: any Sendable] = [
            "architectures": ["GPT2LMHeadModel"], "n_embd": 8, "n_layer": 1, "n_head": 2,
            "n_positions": 32, "vocab_size": 10,
        ]
        let cases: [(good: [String: any Sendable], field: String, value: any Sendable)] = [
            (opt, "ffn_dim", "16"), (opt, "word_embed_proj_dim", 0), (opt, "enable_bias", 1),
            (opt, "do_layer_norm_before", "no"), (opt, "activation_function", "mish"),
            (opt, "hidden_size", 9), (opt, "num_attention_heads", 8), (gpt2, "n_embd", 9),
            (gpt2, "n_head", 8),
            (gpt2, "n_inner", -1), (gpt2, "n_positions", 0), (gpt2, "n_layer", "x"),
            (gpt2, "layer_norm_epsilon", "x"), (gpt2, "add_cross_attention", true),
            (gpt2, "scale_attn_weights", 7),
        ]
        for (good, field, value) in cases {
            let checkpoint = TinyCheckpoint(
                configuration: good.merging([field: value]) { $1 }, tensors: [:])
            let (error, directory) = try error(checkpoint)
            switch error {
            case .invalidField(directory + "/config.json", field, _),
                .unsupportedField(directory + "/config.json", field, _):
                break
            default: Issue.record("\(field): \(String(describing: error))")
            }
        }
    }
}
