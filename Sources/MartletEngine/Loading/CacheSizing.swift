/// Decides how large the KV cache is and how long a request may be.
package struct CacheSizing: Hashable, Sendable {
    /// Blocks in the cache.
    package let blockCount: Int
    /// The most tokens of prompt and output together.
    package let maximumModelLength: Int
    /// Size of the cache, in bytes.
    package let byteCount: Int

    /// The share of free memory that the cache takes unless it is told a size.
    static let defaultMemoryShare = 0.5

    /// - Parameters:
    ///   - blockByteCount: Size of a block over all layers, in bytes.
    ///   - modelLength: The longest context that the model supports, in tokens.
    ///   - availableByteCount: Memory that may be taken, in bytes; nil when it is not known.
    ///   - minimumByteCount: What the cache takes even where it is more than its share.
    /// - Throws: ``EngineError`` when what the configuration asks for does not exist or does not
    ///   suffice.
    package init(
        configuration: AsyncEngineConfiguration, blockByteCount: Int, modelLength: Int,
        availableByteCount: Int?, minimumByteCount: Int = 0
    ) throws(EngineError) {
        let blockSize = configuration.blockSize
        let wanted = configuration.maximumModelLength ?? modelLength
        guard wanted <= modelLength else {
            throw EngineError(
                .invalidConfiguration,
                "--max-model-len \(wanted) is more than the \(modelLength) positions that the "
                    + "model supports.", parameter: "max_model_len")
        }
        let budget = try Self.budget(configuration, availableByteCount, minimumByteCount)
        let blocksPerRequest = (wanted + blockSize - 1) / blockSize
        let useful = blocksPerRequest.multipliedReportingOverflow(
            by: configuration.maximumSequenceCount)
        let affordable = budget / blockByteCount
        blockCount = useful.overflow ? affordable : min(affordable, useful.partialValue)
        guard blockCount > 0 else {
            throw EngineError(
                .invalidConfiguration,
                "A KV cache of \(budget) bytes holds no block of \(blockByteCount) bytes; "
                    + "raise --kv-cache-memory-bytes.", parameter: "kv_cache_memory_bytes")
        }
        maximumModelLength = min(wanted, blockCount * blockSize)
        byteCount = blockCount * blockByteCount
        if let asked = configuration.maximumModelLength, asked > maximumModelLength {
            throw EngineError(
                .invalidConfiguration,
                "One request of --max-model-len \(asked) needs \(blocksPerRequest) KV cache "
                    + "blocks of \(blockByteCount) bytes, but only \(blockCount) fit; lower it to "
                    + "\(maximumModelLength) or raise --kv-cache-memory-bytes.",
                parameter: "max_model_len")
        }
    }

    private static func budget(
        _ configuration: AsyncEngineConfiguration, _ availableByteCount: Int?,
        _ minimumByteCount: Int
    ) throws(EngineError) -> Int {
        let available = availableByteCount ?? 4 << 30
        guard let asked = configuration.kvCacheMemoryByteCount else {
            let share = Int(Double(available) * defaultMemoryShare)
            return max(share, min(minimumByteCount, available))
        }
        guard asked <= available else {
            throw EngineError(
                .invalidConfiguration,
                "--kv-cache-memory-bytes asks for \(asked) bytes, but only \(available) are free.",
                parameter: "kv_cache_memory_bytes")
        }
        return asked
    }
}
