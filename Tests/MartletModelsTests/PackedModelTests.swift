import Foundation
import MartletModels
import MartletTensor
import MartletTestSupport
import MartletWeights
import Testing

@Suite struct PackedModelTests {
    private let pool = WorkerPool(threadCount: 2)

    private func pack(
        _ checkpoint: TinyCheckpoint = .llama, _ quantization: WeightQuantization = .none
    ) throws -> TemporaryDirectory {
        let source = try checkpoint.write()
        let output = try TemporaryDirectory()
        _ = try ModelRegistry.packModel(
            directory: source.path, into: output.path, quantization: quantization, pool: pool)
        return output
    }

    private func load(
        _ directory: TemporaryDirectory, dtype: WeightType = .auto,
        quantization: WeightQuantization? = nil
    ) throws -> ModelDescription {
        try ModelRegistry.loadModel(
            directory: directory.path, dtype: dtype, quantization: quantization, pool: pool
        ).description
    }

    static let quantizations: [WeightQuantization] = [
        .none, .int8, .int4(groupSize: 32, hasMinimum: true),
        .int4(groupSize: 128, hasMinimum: false),
    ]

    @Test(arguments: quantizations)
    func `a packed model is described as the one that is packed when it is loaded`(
        quantization: WeightQuantization
    ) throws {
        for isTied in [false, true] {
            var checkpoint = TinyCheckpoint.llama
            checkpoint.configuration["tie_word_embeddings"] = isTied
            checkpoint.generation = ["eos_token_id": [7, 2], "temperature": 0.6]
            let source = try checkpoint.write()
            let output = try TemporaryDirectory()
            let promised = try ModelRegistry.packModel(
                directory: source.path, into: output.path, quantization: quantization, pool: pool)
            try FileManager.default.copyItem(
                atPath: source.path + "/generation_config.json",
                toPath: output.path + "/generation_config.json")
            var loaded = try load(output)
            #expect(loaded.isMapped)
            loaded.isMapped = false
            #expect(loaded == promised)
            #expect(loaded == (try load(source, quantization: quantization)))
            #expect(loaded.quantization == quantization)
            #expect(loaded.dtype == .bfloat16)
        }
    }

    @Test func `the footprint of a packed model is what it takes`() throws {
        for quantization in Self.quantizations {
            let output = try pack(.llama, quantization)
            let footprint = try CheckpointFootprint(directory: output.path, dtype: .auto)
            #expect(footprint.weightByteCount == (try load(output)).weightByteCount)
        }
    }

    @Test func `a packed model keeps type and quantization, whatever is asked for`() throws {
        let output = try pack(.llama, .int8)
        #expect(try load(output, dtype: .bfloat16, quantization: .int8).quantization == .int8)
        let file = output.path + "/" + ModelRegistry.packedFileName
        let expected = WeightsError.packedOtherwise(
            file: file, dtype: "bfloat16", quantization: "int8")
        #expect(throws: expected) { try load(output, dtype: .float32) }
        #expect(throws: expected) { try load(output, quantization: WeightQuantization.none) }
        #expect(throws: expected) {
            try load(output, quantization: .int4(groupSize: 32, hasMinimum: true))
        }
    }

    @Test func `what is packed already is not packed again`() throws {
        let output = try pack()
        let error = #expect(throws: WeightsError.self) {
            try ModelRegistry.packModel(
                directory: output.path, into: TemporaryDirectory().path, quantization: .int8,
                pool: pool)
        }
        guard case .unsupportedField(_, "quantization_config", _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `other programs are told that the weights are none of theirs`() throws {
        let output = try pack(.llama, .int4(groupSize: 64, hasMinimum: false))
        let data = try Data(contentsOf: URL(filePath: output.path + "/config.json"))
        let members = try #require(
            try JSONSerialization.jsonObject(with: data) as? [String: Any])
        let section = try #require(members["quantization_config"] as? [String: Any])
        #expect(section["quant_method"] as? String == "martlet")
        #expect(section["format"] as? String == "int4-g64-sym")
        #expect(members["hidden_size"] as? Int == 8)
    }

    @Test func `progress rises to one, and cancelling stops at the next matrix`() throws {
        let output = try pack()
        var seen: [Double] = []
        _ = try ModelRegistry.loadModel(
            directory: output.path, pool: pool, progress: { seen.append($0) })
        #expect(seen == seen.sorted())
        #expect(seen.last == 1)
        #expect(seen.count > 10)
        var calls = 0
        #expect(throws: WeightsError.cancelled) {
            try ModelRegistry.loadModel(
                directory: output.path, pool: pool,
                isCancelled: {
                    calls += 1
                    return calls == 5
                })
        }
        #expect(calls == 5)
    }

    @Test func `rows too wide for int8 stay as they are`() throws {
        var checkpoint = TinyCheckpoint.llama
        checkpoint.configuration["intermediate_size"] = 131_076
        for layer in ["model.layers.0.", "model.layers.1."] {
            checkpoint.tensors[layer + "mlp.gate_proj.weight"] = [131_076, 8]
            checkpoint.tensors[layer + "mlp.up_proj.weight"] = [131_076, 8]
            checkpoint.tensors[layer + "mlp.down_proj.weight"] = [8, 131_076]
        }
        let output = try pack(checkpoint, .int8)
        #expect(try load(output).weightByteCount > 2 * 64 * 131_076 * 2)
    }
}
