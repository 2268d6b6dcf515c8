package import MartletTensor
package import MartletWeights

/// The architectures that are built here, and the way from a directory to a model.
package enum ModelRegistry {
    private struct Architecture: Sendable {
        /// As in `architectures` of `config.json`.
        let name: String
        /// As in `model_type` of `config.json`, for files that name no architecture.
        let modelType: String
        let load: @Sendable (WeightLoader) throws(WeightsError) -> any LanguageModel
    }

    private static let architectures: [Architecture] = [
        Architecture(name: "LlamaForCausalLM", modelType: "llama", load: Llama.load),
        Architecture(name: "MistralForCausalLM", modelType: "mistral", load: Mistral.load),
        Architecture(name: "Qwen2ForCausalLM", modelType: "qwen2", load: Qwen2.load),
        Architecture(name: "Qwen3ForCausalLM", modelType: "qwen3", load: Qwen3.load),
        Architecture(
            name: "OPTForCausalLM", modelType: "opt",
            load: { loader throws(WeightsError) in try OPT(loader) }),
        Architecture(
            name: "GPT2LMHeadModel", modelType: "gpt2",
            load: { loader throws(WeightsError) in try GPT2(loader) }),
    ]

    /// The names of all architectures that can be loaded.
    package static var supportedArchitectures: [String] { architectures.map(\.name) }

    /// Loads the model in `directory`: `config.json`, `generation_config.json` if there is one,
    /// and the checkpoint. Blocks the calling thread; the pool's threads take part.
    ///
    /// Every tensor is packed once and its file pages are given back at once, so that memory peaks
    /// at the weights and one tensor.
    ///
    /// - Parameters:
    ///   - dtype: The type of the weights in memory.
    ///   - progress: Called on this thread with the share of bytes packed, rising from 0 to 1.
    ///   - isCancelled: Asked between tensors.
    /// - Throws: ``WeightsError`` naming file and tensor or field, or
    ///   ``WeightsError/cancelled``.
    package static func loadModel(
        directory: String, dtype: WeightType = .auto, pool: WorkerPool,
        progress: @escaping (Double) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws(WeightsError) -> any LanguageModel {
        if isCancelled() { throw .cancelled }
        let configuration = try ConfigurationFile(path: directory + "/config.json")
        let architecture = try architecture(of: configuration)
        guard !configuration.has("quantization_config") else {
            throw configuration.unsupported(
                "quantization_config", "quantized checkpoints cannot be loaded")
        }
        let generation = directory + "/generation_config.json"
        let checkpoint = try Checkpoint(directory: directory)
        let loader = WeightLoader(
            architecture: architecture.name, configuration: configuration,
            generationConfiguration: fileExists(generation)
                ? try ConfigurationFile(path: generation) : nil,
            checkpoint: checkpoint, dtype: dtype.resolved(stored: checkpoint.dominantDType),
            pool: pool, progress: progress, isCancelled: isCancelled)
        let model = try architecture.load(loader)
        progress(1)
        return model
    }

    private static func architecture(
        of configuration: ConfigurationFile
    ) throws(WeightsError) -> Architecture {
        var found = try configuration.stringsIfPresent("architectures") ?? []
        for name in found {
            if let match = architectures.first(where: { $0.name == name }) { return match }
        }
        if found.isEmpty, let type = try configuration.stringIfPresent("model_type") {
            if let match = architectures.first(where: { $0.modelType == type }) { return match }
            found = [type]
        }
        throw .unknownArchitecture(
            file: configuration.path, found: found, supported: supportedArchitectures)
    }
}

extension Checkpoint {
    /// The type that holds most of the bytes, of those that weights can have; fp32 for a file
    /// without any.
    fileprivate var dominantDType: DType {
        var byteCounts: [DType: Int] = [:]
        for name in tensorNames {
            guard let tensor = self[name], let dtype = try? tensor.weightDType() else { continue }
            byteCounts[dtype, default: 0] += tensor.byteCount
        }
        return byteCounts.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key
            ?? .float32
    }
}
