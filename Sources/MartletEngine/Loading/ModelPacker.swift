import MartletModels
import MartletTensor

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes a packed model of a checkpoint: a directory whose weights are mapped and used as they lie,
/// so that it loads in no time and several processes share one copy.
///
/// The output appears under its name when it is complete and on the disk, and not before.
public struct ModelPacker: Sendable {
    /// The directory of the checkpoint.
    public var model: String
    /// The directory to be made.
    public var output: String
    /// The type of the weights that are not quantized: `auto`, `float32`, `bfloat16` or `float16`.
    public var dtype = "auto"
    /// How the others are.
    public var quantization = ModelQuantization.none
    /// Whether an earlier output of the same name is replaced.
    public var replacesOutput = false
    /// Threads that pack; nil is what affinity and cgroup quota allow.
    public var threadCount: Int?

    /// Everything beside weights and `config.json` that belongs to a model.
    static let copiedFiles = [
        "generation_config.json", "tokenizer.json", "tokenizer_config.json",
        "special_tokens_map.json", "added_tokens.json", "vocab.json", "merges.txt",
        "chat_template.jinja", "LICENSE", "LICENSE.txt", "LICENSE.md", "NOTICE",
    ]

    /// Packs the checkpoint in the directory `model` into the directory `output`.
    public init(model: String, output: String) {
        self.model = model
        self.output = output
    }

    /// Does the work on the calling thread, which it holds, and threads of its own.
    ///
    /// - Parameters:
    ///   - progress: Called with the share of the weights that is packed.
    ///   - isCancelled: Asked often; nothing remains of a run that it ends.
    /// - Returns: Bytes of the weights on disk.
    /// - Throws: ``EngineError`` for a checkpoint that cannot be read, an output that exists and a
    ///   disk that is full; of the code ``EngineError/Code/cancelled`` if `isCancelled` is why.
    public func run(
        progress: @escaping (LoadingProgress) -> Void = { _ in },
        isCancelled: @escaping () -> Bool = { false }
    ) throws(EngineError) -> Int {
        try quantization.validate()
        let type = try WeightType(named: dtype)
        let paths = [model, output].map { URL(filePath: $0).resolvingSymlinksInPath().path }
        guard paths[0] != paths[1] else {
            throw EngineError(.loadingFailed, "\(output): is the model that is to be packed")
        }
        let directory = try StagedDirectory(for: output, replaces: replacesOutput)
        var wasCancelled = false
        do {
            try copyFiles(to: directory)
            let description = try pack(type, into: directory, progress) {
                wasCancelled = isCancelled()
                return wasCancelled
            }
            try directory.commit()
            return description.weightByteCount
        } catch {
            directory.abandon()
            throw wasCancelled
                ? EngineError(.cancelled, "Packing was cancelled.") : EngineError(loading: error)
        }
    }

    private func pack(
        _ type: WeightType, into directory: StagedDirectory,
        _ progress: @escaping (LoadingProgress) -> Void, _ isCancelled: @escaping () -> Bool
    ) throws -> ModelDescription {
        let pool = WorkerPool(threadCount: threadCount)
        defer { pool.shutdown() }
        return try ModelRegistry.packModel(
            directory: model, into: directory.path, dtype: type,
            quantization: WeightQuantization(quantization), pool: pool,
            progress: { progress(LoadingProgress(fraction: $0)) }, isCancelled: isCancelled)
    }

    /// The small files, whatever links lead to them.
    private func copyFiles(to directory: StagedDirectory) throws(EngineError) {
        for name in Self.copiedFiles {
            let path = "\(model)/\(name)"
            guard FileManager.default.fileExists(atPath: path) else { continue }
            guard let data = FileManager.default.contents(atPath: path) else {
                throw EngineError(.loadingFailed, "\(path): cannot be read")
            }
            try directory.write(data, name)
        }
    }
}
