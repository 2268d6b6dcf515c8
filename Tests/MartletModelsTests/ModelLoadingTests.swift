import MartletModels
import MartletTensor
import MartletTestSupport
import MartletWeights
import Testing

@Suite struct ModelLoadingTests {
    private let pool = WorkerPool(threadCount: 2)

    private func load(
        _ checkpoint: TinyCheckpoint, dtype: WeightType = .auto
    ) throws -> ModelDescription {
        let directory = try checkpoint.write()
        return try ModelRegistry.loadModel(
            directory: directory.path, dtype: dtype, pool: pool
        ).description
    }

    @Test func `the description says what the files say`() throws {
        var checkpoint = TinyCheckpoint.llama
        checkpoint.generation = [
            "eos_token_id": [7, 2], "do_sample": true, "temperature": 0.6, "top_p": 0.95,
            "top_k": 20, "min_p": 0, "repetition_penalty": 1.05, "max_new_tokens": 99,
        ]
        let description = try load(checkpoint)
        #expect(description.architecture == "LlamaForCausalLM")
        #expect(description.layerCount == 2)
        #expect(description.hiddenSize == 8)
        #expect(description.headCount == 2)
        #expect(description.kvHeadCount == 1)
        #expect(description.headDim == 4)
        #expect(description.vocabularySize == 10)
        #expect(description.maximumPositionCount == 32)
        #expect(description.slidingWindow == nil)
        #expect(description.dtype == .bfloat16)
        let elements = checkpoint.tensors.values.reduce(0) { $0 + $1.reduce(1, *) }
        #expect(description.parameterCount == elements)
        #expect(description.weightByteCount >= 2 * elements)
        #expect(description.eosTokenIDs == [7, 2])
        #expect(description.bosTokenID == 1)
        var defaults = GenerationDefaults()
        defaults.samples = true
        defaults.temperature = 0.6
        defaults.topP = 0.95
        defaults.topK = 20
        defaults.minP = 0
        defaults.repetitionPenalty = 1.05
        defaults.maximumNewTokenCount = 99
        #expect(description.generationDefaults == defaults)
    }

    @Test func `weights are held in the type asked for`() throws {
        for (asked, held) in [
            (WeightType.auto, DType.bfloat16), (.float16, .float16), (.float32, .float32),
        ] {
            let description = try load(.llama, dtype: asked)
            #expect(description.dtype == held)
            #expect(description.kvDType == (held == .float32 ? .float32 : .bfloat16))
        }
    }

    @Test func `a tied head is neither needed nor counted`() throws {
        var tied = TinyCheckpoint.llama
        tied.configuration["tie_word_embeddings"] = true
        let withHead = try load(tied)
        tied.tensors["lm_head.weight"] = nil
        #expect(try load(tied) == withHead)
        tied.configuration["tie_word_embeddings"] = nil
        #expect(try load(tied) == withHead)
        #expect(try load(.llama).parameterCount == withHead.parameterCount + 80)
        tied.configuration["tie_word_embeddings"] = false
        #expect(throws: WeightsError.self) { try load(tied) }
    }

    @Test func `names without the usual prefix are found`() throws {
        var checkpoint = TinyCheckpoint.llama
        checkpoint.tensors = Dictionary(
            uniqueKeysWithValues: checkpoint.tensors.map { name, shape in
                (name.hasPrefix("model.") ? String(name.dropFirst(6)) : name, shape)
            })
        #expect(try load(checkpoint) == load(.llama))
    }

    @Test func `model_type serves where no architecture is named`() throws {
        var checkpoint = TinyCheckpoint.llama
        checkpoint.configuration["architectures"] = nil
        #expect(try load(checkpoint).architecture == "LlamaForCausalLM")
    }

    @Test func `a window of all layers is described, of some is not`() throws {
        var checkpoint = TinyCheckpoint.llama
        checkpoint.configuration["architectures"] = ["MistralForCausalLM"]
        checkpoint.configuration["sliding_window"] = 16
        #expect(try load(checkpoint).slidingWindow == 16)
        checkpoint.configuration["architectures"] = ["Qwen2ForCausalLM"]
        for layer in ["model.layers.0.", "model.layers.1."] {
            checkpoint.tensors[layer + "self_attn.q_proj.bias"] = [8]
            checkpoint.tensors[layer + "self_attn.k_proj.bias"] = [4]
            checkpoint.tensors[layer + "self_attn.v_proj.bias"] = [4]
        }
        #expect(try load(checkpoint).slidingWindow == nil)
        checkpoint.configuration["use_sliding_window"] = true
        checkpoint.configuration["max_window_layers"] = 0
        #expect(try load(checkpoint).slidingWindow == 16)
        checkpoint.configuration["max_window_layers"] = 1
        #expect(try load(checkpoint).slidingWindow == nil)
        checkpoint.configuration["layer_types"] = ["sliding_attention", "sliding_attention"]
        #expect(try load(checkpoint).slidingWindow == 16)
    }

    @Test func `progress rises to one, and cancelling stops at the next tensor`() throws {
        let directory = try TinyCheckpoint.llama.write()
        var seen: [Double] = []
        _ = try ModelRegistry.loadModel(
            directory: directory.path, pool: pool, progress: { seen.append($0) })
        #expect(seen.count == TinyCheckpoint.llama.tensors.count + 1)
        #expect(seen == seen.sorted())
        #expect(seen.last == 1)

        var calls = 0
        #expect(throws: WeightsError.cancelled) {
            try ModelRegistry.loadModel(
                directory: directory.path, pool: pool,
                isCancelled: {
                    calls += 1
                    return calls == 5
                })
        }
        #expect(calls == 5)
    }
}
