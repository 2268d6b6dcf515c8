import Logging
import MartletChat
import MartletExecutor
import MartletModels
import MartletSampling
import MartletScheduling
import MartletTensor
import MartletTokenizer

/// Makes an engine's parts from a checkpoint on disk. Blocks the thread it runs on, while threads
/// of the load's own work: they give way to engines that serve.
struct ModelLoader: Sendable {
    let configuration: AsyncEngineConfiguration
    let logger: Logger
    let monitor: LoadingMonitor
    /// What the engine shares with others; of its own by default.
    let resources: EngineResources

    init(
        configuration: AsyncEngineConfiguration, logger: Logger, monitor: LoadingMonitor,
        resources: EngineResources? = nil
    ) {
        self.configuration = configuration
        self.logger = logger
        self.monitor = monitor
        self.resources = resources ?? EngineResources(threadCount: configuration.threadCount)
    }

    func load() throws -> EngineParts {
        try check()
        if let warning = KernelSelection.fromEnvironment.warning { logger.warning("\(warning)") }
        return try LoadingThread.run {
            let crew = LoadingCrew(resources)
            crew.giveWayWhereNeeded()
            // The small files first: what is wrong with them shows before a gigabyte is read.
            let tokenizer = try Tokenizer(directory: configuration.model)
            let template = try chatTemplate(of: tokenizer)
            let model = try loadWeights(crew)
            return try parts(of: model, tokenizer, template)
        }
    }

    private func parts(
        of model: any LanguageModel, _ tokenizer: Tokenizer, _ template: ChatTemplate?
    ) throws -> EngineParts {
        let description = model.description
        let kvDType = try cacheDType(of: description)
        let sizing = try sizing(of: description, kvDType)
        report(sizing, modelLength: description.maximumPositionCount)
        let (configuration, pool) = (configuration, resources.pool)
        let executor = try ModelStepExecutor(pool: pool) { () throws(ExecutorError) in
            try ModelRunner(
                model: model, blockCount: sizing.blockCount, blockSize: configuration.blockSize,
                maximumBatchedTokenCount: configuration.maximumBatchedTokenCount, pool: pool,
                kvDType: kvDType)
        }
        let store = try prefixStore(for: executor, description)
        var served = ServedModel(
            text: textModel(description, tokenizer, sizing),
            information: information(description, template, sizing, kvDType),
            chatTemplate: template,
            defaultSampling: SamplingParameters(description.generationDefaults),
            maximumLogprobCount: configuration.maximumLogprobCount)
        served.prefixStore = store
        return EngineParts(
            model: served, scheduler: scheduler(sizing, store), executor: executor)
    }

    /// Sizes the KV cache by what the budget of all models leaves, and notes what the model takes.
    private func sizing(
        of description: ModelDescription, _ kvDType: DType
    ) throws(EngineError) -> CacheSizing {
        let footprint = ModelFootprint(of: configuration)
        let taken = description.weightByteCount + footprint.activationByteCount
        let isLimited = resources.memory.byteCount != nil
        let sizing = try CacheSizing(
            configuration: configuration,
            blockByteCount: ModelRunner.kvBytesPerBlock(
                description: description, blockSize: configuration.blockSize,
                kvDType: kvDType),
            modelLength: description.maximumPositionCount,
            availableByteCount: availableByteCount(
                beside: taken, mapped: description.isMapped ? description.weightByteCount : 0),
            minimumByteCount: isLimited ? footprint.minimumCacheByteCount : 0)
        resources.reservation?.resize(to: taken + sizing.byteCount)
        return sizing
    }

    /// Bytes that the KV cache may take: what the system has, and what the budget of all models
    /// leaves beside the `taken` bytes of this one's weights and activations. Pages of `mapped`
    /// bytes of files have to stay, though the system would give them up.
    private func availableByteCount(beside taken: Int, mapped: Int) -> Int? {
        let attainable =
            resources.reservation?.attainableByteCount ?? resources.memory.remainingByteCount
        let system = MemoryProbe().availableByteCount
        return [system.map { max(0, $0 - mapped) }, attainable.map { max(0, $0 - taken) }]
            .compactMap { $0 }.min()
    }

    /// Refuses what no checkpoint can make right.
    private func check() throws(EngineError) {
        let positives = [
            ("--max-num-seqs", configuration.maximumSequenceCount),
            ("--max-num-batched-tokens", configuration.maximumBatchedTokenCount),
            ("--max-model-len", configuration.maximumModelLength ?? 1),
            ("--kv-cache-memory-bytes", configuration.kvCacheMemoryByteCount ?? 1),
            ("--block-size", configuration.blockSize),
            ("the number of threads", configuration.threadCount ?? 1),
        ]
        for (name, value) in positives where value < 1 {
            throw EngineError(
                .invalidConfiguration, "\(name) must be at least 1, and is \(value).")
        }
        try configuration.quantization?.validate()
        guard configuration.blockSize.isMultiple(of: 16) else {
            throw EngineError(
                .invalidConfiguration,
                "--block-size must be a multiple of 16, and is \(configuration.blockSize).")
        }
    }

    private func chatTemplate(of tokenizer: Tokenizer) throws -> ChatTemplate? {
        if let source = configuration.chatTemplate { return try ChatTemplate(source) }
        guard let source = tokenizer.chatTemplate else { return nil }
        do {
            return try ChatTemplate(source)
        } catch {
            // The model still completes plain prompts.
            logger.warning("the model's chat template is left out: \(error)")
            return nil
        }
    }

    private func loadWeights(_ crew: LoadingCrew) throws -> any LanguageModel {
        try ModelRegistry.loadModel(
            directory: configuration.model, dtype: WeightType(named: configuration.dtype),
            quantization: configuration.quantization.map(WeightQuantization.init),
            pool: crew.pool,
            progress: { fraction in
                crew.giveWayWhereNeeded()
                monitor.update(LoadingProgress(fraction: fraction))
            },
            isCancelled: { monitor.isCancelled })
    }

    private func report(_ sizing: CacheSizing, modelLength: Int) {
        guard configuration.maximumModelLength == nil, sizing.maximumModelLength < modelLength
        else { return }
        logger.notice(
            """
            requests may have \(sizing.maximumModelLength) of the model's \(modelLength) tokens: \
            the KV cache holds no more
            """)
    }
}

extension ModelLoader {
    private func textModel(
        _ description: ModelDescription, _ tokenizer: Tokenizer, _ sizing: CacheSizing
    ) -> TextModel {
        let all = description.eosTokenIDs.map { Int32($0) }
        // The tokenizer's own token comes first; the others act as stop tokens, as in vLLM.
        let first = tokenizer.endOfSequence?.id ?? all.first
        return TextModel(
            tokenizer: tokenizer, endOfSequenceIDs: first.map { [$0] } ?? [],
            furtherStopTokenIDs: all.filter { $0 != first },
            vocabularySize: description.vocabularySize,
            maximumModelLength: sizing.maximumModelLength)
    }

    private func information(
        _ description: ModelDescription, _ template: ChatTemplate?, _ sizing: CacheSizing,
        _ kvDType: DType
    ) -> ModelInformation {
        ModelInformation(
            directory: configuration.model, architecture: description.architecture,
            dtype: description.dtype.rawValue, parameterCount: description.parameterCount,
            weightByteCount: description.weightByteCount,
            vocabularySize: description.vocabularySize,
            maximumModelLength: sizing.maximumModelLength, hasChatTemplate: template != nil,
            blockSize: configuration.blockSize, blockCount: sizing.blockCount,
            cacheByteCount: sizing.byteCount, cacheDType: kvDType.rawValue,
            quantization: description.quantization.description)
    }
}

extension SamplingParameters {
    /// vLLM's defaults under those of a checkpoint's generation_config.json.
    init(_ defaults: GenerationDefaults) {
        self.init()
        if let value = defaults.temperature { temperature = Float(value) }
        if let value = defaults.topP { topP = Float(value) }
        if let value = defaults.topK { topK = value }
        if let value = defaults.minP { minP = Float(value) }
        if let value = defaults.repetitionPenalty { repetitionPenalty = Float(value) }
    }
}
