import MartletExecutor
import MartletModels
import MartletScheduling
import MartletTensor

/// The KV cache: its type, who gets its blocks, and where its contents are kept.
extension ModelLoader {
    /// The type of keys and values that the configuration asks for.
    func cacheDType(of description: ModelDescription) throws(EngineError) -> DType {
        guard let type = KVCacheType(rawValue: configuration.kvCacheDType) else {
            let names = KVCacheType.allCases.map(\.rawValue).joined(separator: ", ")
            throw EngineError(
                .invalidConfiguration,
                "--kv-cache-dtype must be one of \(names), and is "
                    + "\(configuration.kvCacheDType).", parameter: "kv_cache_dtype")
        }
        return type.dtype ?? description.kvDType
    }

    func scheduler(_ sizing: CacheSizing, _ store: PrefixStore?) -> Scheduler {
        Scheduler(
            configuration: SchedulerConfiguration(
                maximumSequenceCount: configuration.maximumSequenceCount,
                startingSequenceCountMax: configuration.startingSequenceCount,
                maximumBatchedTokenCount: configuration.maximumBatchedTokenCount,
                maximumModelLength: sizing.maximumModelLength,
                blockSize: configuration.blockSize, blockCount: sizing.blockCount,
                enablesPrefixCaching: configuration.enablesPrefixCaching,
                reusesPartialBlocks: true, tracksEvictions: store != nil,
                policy: SchedulingPolicy(configuration.schedulingPolicy),
                prefixHasher: store?.hasher ?? .randomlySeeded()))
    }

    /// The prefix cache's place on disk, where the configuration names one.
    func prefixStore(
        for executor: ModelStepExecutor, _ description: ModelDescription
    ) throws(EngineError) -> PrefixStore? {
        guard let directory = configuration.prefixCacheDirectory,
            configuration.enablesPrefixCaching
        else { return nil }
        do {
            let fingerprint = try CheckpointFingerprint(directory: configuration.model)
            return try PrefixStore.open(
                directory: directory,
                fingerprint: [
                    fingerprint.description, description.dtype.rawValue,
                    description.quantization.description,
                    executor.cacheLayoutDescription,
                    "\(KernelSelection.fromEnvironment.table.instructionSet)",
                ].joined(separator: "\n"),
                byteCountMax: configuration.prefixCacheByteCount,
                blockByteCount: executor.blockByteCount, blockSize: configuration.blockSize,
                logger: logger)
        } catch {
            throw EngineError(
                .invalidConfiguration, "--prefix-cache-dir: \(error)",
                parameter: "prefix_cache_dir")
        }
    }
}

extension SchedulingPolicy {
    init(_ policy: AsyncEngineConfiguration.SchedulingPolicy) {
        switch policy {
        case .fcfs: self = .fcfs
        case .priority: self = .priority
        case .fair: self = .fair
        }
    }
}
