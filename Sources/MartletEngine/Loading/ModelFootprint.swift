import MartletExecutor
import MartletModels

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a model will take in memory, by what its files say before it is loaded.
package struct ModelFootprint: Hashable, Sendable {
    /// Bytes of weights.
    package let weightByteCount: Int
    /// Bytes of activations and logits of the largest step.
    package let activationByteCount: Int
    /// Bytes of the smallest KV cache that is worth having: what the configuration asks for, or
    /// one request of full length, up to ``cacheTokenCountMax``.
    package let minimumCacheByteCount: Int

    /// Tokens of context that a model has room for at least, where it supports so many.
    static let cacheTokenCountMax = 4096

    /// What has to be set aside before the model is loaded. It may take more for its cache where
    /// there is more.
    package var requiredByteCount: Int {
        weightByteCount + activationByteCount + minimumCacheByteCount
    }

    package init(weightByteCount: Int, activationByteCount: Int, minimumCacheByteCount: Int) {
        self.weightByteCount = weightByteCount
        self.activationByteCount = activationByteCount
        self.minimumCacheByteCount = minimumCacheByteCount
    }

    /// Reads the headers of `configuration`'s checkpoint. Where they cannot be understood, files
    /// of weights count as they lie: what is wrong with them is told by the load.
    package init(of configuration: AsyncEngineConfiguration) {
        let type = WeightType(rawValue: configuration.dtype) ?? .auto
        let footprint = try? CheckpointFootprint(
            directory: configuration.model, dtype: type,
            quantization: configuration.quantization.map(WeightQuantization.init))
        guard let footprint else {
            self.init(
                weightByteCount: Self.fileByteCount(configuration.model), activationByteCount: 0,
                minimumCacheByteCount: configuration.kvCacheMemoryByteCount ?? 0)
            return
        }
        let rows = max(configuration.maximumBatchedTokenCount, 1)
        let length = min(
            footprint.maximumPositionCount,
            configuration.maximumModelLength ?? Self.cacheTokenCountMax)
        self.init(
            weightByteCount: footprint.weightByteCount,
            activationByteCount: footprint.activationWidths.byteCount(rowCount: rows)
                + ModelRunner.defaultLogitsByteCount,
            minimumCacheByteCount: configuration.kvCacheMemoryByteCount
                ?? footprint.kvBytesPerToken * (length + configuration.blockSize))
    }

    /// Bytes of all files of weights in a directory, or of the file that `path` names.
    private static func fileByteCount(_ path: String) -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let files = names.filter { $0.hasSuffix(".safetensors") || $0.hasSuffix(".gguf") }
            .map { "\(path)/\($0)" }
        return (names.isEmpty ? [path] : files).reduce(0) { sum, file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)
            // The type of the size differs between implementations of Foundation.
            let size = attributes?[.size]
            return sum + (size as? Int ?? (size as? UInt64).map { Int(clamping: $0) } ?? 0)
        }
    }
}
