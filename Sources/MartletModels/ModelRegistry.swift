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
    /// at the weights and one tensor. A packed checkpoint is mapped, and takes no memory but the
    /// page cache's.
    ///
    /// - Parameters:
    ///   - dtype: The type of the weights in memory.
    ///   - quantization: How they are quantized; nil is as the checkpoint is.
    ///   - progress: Called on this thread with the share of bytes packed, rising from 0 to 1.
    ///   - isCancelled: Asked between tensors.
    /// - Throws: ``WeightsError`` naming file and tensor or field, or
    ///   ``WeightsError/cancelled``.
    package static func loadModel(
        directory: String, dtype: WeightType = .auto, quantization: WeightQuantization? = nil,
        pool: WorkerPool, progress: @escaping (Double) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws(WeightsError) -> any LanguageModel {
        if isCancelled() { throw .cancelled }
        let configuration = try ConfigurationFile(path: directory + "/config.json")
        let architecture = try architecture(of: configuration)
        let source: any WeightSource =
            if try isPacked(configuration) {
                try PackedSource(
                    PackedCheckpoint(directory: directory), dtype: dtype,
                    quantization: quantization, pool: pool)
            } else {
                CheckpointSource(
                    try Checkpoint(directory: directory), dtype: dtype,
                    quantization: quantization ?? .none, pool: pool)
            }
        let loader = WeightLoader(
            architecture: architecture.name, configuration: configuration,
            generationConfiguration: try generationConfiguration(directory), source: source,
            progress: progress, isCancelled: isCancelled)
        let model = try architecture.load(loader)
        progress(1)
        return model
    }

    /// The file of weights in a packed model's directory.
    package static let packedFileName = PackedCheckpoint.fileName

    /// Packs the checkpoint in `directory`: writes weights and `config.json` into the directory
    /// `output`, which has neither. They are incomplete where this throws. Memory peaks at one
    /// matrix.
    ///
    /// - Parameters:
    ///   - dtype: The type of what is not quantized.
    ///   - progress: Called on this thread with the share of bytes packed, rising from 0 to 1.
    ///   - isCancelled: Asked between tensors.
    /// - Returns: What a model loaded from there will be.
    package static func packModel(
        directory: String, into output: String, dtype: WeightType = .auto,
        quantization: WeightQuantization, pool: WorkerPool,
        progress: @escaping (Double) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws(WeightsError) -> ModelDescription {
        if isCancelled() { throw .cancelled }
        let configuration = try ConfigurationFile(path: directory + "/config.json")
        let architecture = try architecture(of: configuration)
        guard try !isPacked(configuration) else {
            throw configuration.unsupported(
                PackedConfiguration.field, "the model is packed already")
        }
        let checkpoint = try Checkpoint(directory: directory)
        let source = CheckpointSource(
            checkpoint, dtype: dtype, quantization: quantization, pool: pool)
        let writer = try PackedCheckpointWriter(
            path: output + "/" + packedFileName, sourceNames: checkpoint.tensorNames,
            dtype: source.dtype,
            quantization: quantization.description)
        let loader = WeightLoader(
            architecture: architecture.name, configuration: configuration,
            generationConfiguration: try generationConfiguration(directory), source: source,
            writer: writer, progress: progress, isCancelled: isCancelled)
        let description = try architecture.load(loader).description
        try writer.finish()
        try PackedConfiguration.write(
            configuration, quantization: quantization.description,
            to: output + "/config.json")
        return description
    }

    private static func generationConfiguration(
        _ directory: String
    ) throws(WeightsError) -> ConfigurationFile? {
        let path = directory + "/generation_config.json"
        return fileExists(path) ? try ConfigurationFile(path: path) : nil
    }

    /// Whether the checkpoint beside `configuration` is packed.
    ///
    /// - Throws: ``WeightsError/unsupportedField(file:field:reason:)`` where it is quantized by
    ///   somebody else's method.
    private static func isPacked(_ configuration: ConfigurationFile) throws(WeightsError) -> Bool {
        guard configuration.has(PackedConfiguration.field) else { return false }
        guard PackedConfiguration.isPacked(configuration) else {
            throw configuration.unsupported(
                PackedConfiguration.field,
                "checkpoints quantized by others cannot be loaded; load the original one with "
                    + "--quantization")
        }
        return true
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
