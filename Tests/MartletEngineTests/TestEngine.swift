import Logging
import MartletEngine
import MartletEngineTestSupport
import MartletScheduling

/// Builds engines on a ``ShadowExecutor``.
struct TestEngine {
    var blockCount = 256
    var blockSize = 4
    var maximumSequenceCount = 64
    var maximumBatchedTokenCount = 64
    var maximumModelLength = 256
    var enablesPrefixCaching = true
    var policy = SchedulingPolicy.fcfs
    /// Where the prefix cache is kept over restarts.
    var prefixCacheDirectory: String?
    var controls = SharedControls()

    /// An engine whose steps take so long that 200 of them outlast any delay of a busy machine.
    static func slow() -> TestEngine {
        let settings = TestEngine()
        settings.controls.change { $0.delay = .milliseconds(50) }
        return settings
    }

    /// Lets steps take no time from now on.
    func hurry() {
        controls.change { $0.delay = .zero }
    }

    /// An engine that is not started yet.
    func make(
        configuration: AsyncEngineConfiguration = AsyncEngineConfiguration(model: "test"),
        clock: EngineClock = .continuous
    ) -> AsyncEngine {
        let settings = self
        return AsyncEngine(
            configuration: configuration,
            logger: Logger(label: "test"), clock: clock
        ) { _ in
            try settings.parts()
        }
    }

    func parts() throws -> EngineParts {
        let store = try prefixCacheDirectory.map {
            try PrefixStore.open(
                directory: $0, fingerprint: "shadow", byteCountMax: 1 << 20,
                blockByteCount: blockSize * MemoryLayout<Int32>.stride, blockSize: blockSize,
                logger: Logger(label: "test"))
        }
        let scheduler = Scheduler(
            configuration: SchedulerConfiguration(
                maximumSequenceCount: maximumSequenceCount,
                maximumBatchedTokenCount: maximumBatchedTokenCount,
                maximumModelLength: maximumModelLength, blockSize: blockSize,
                blockCount: blockCount, enablesPrefixCaching: enablesPrefixCaching,
                reusesPartialBlocks: true, tracksEvictions: store != nil, policy: policy,
                prefixHasher: store?.hasher ?? .randomlySeeded()))
        let text = TextModel(
            tokenizer: try .ofBytes(), endOfSequenceIDs: [256], vocabularySize: 257,
            maximumModelLength: maximumModelLength)
        let information = ModelInformation(
            directory: "test", architecture: "Shadow", dtype: "none", parameterCount: 0,
            weightByteCount: 0, vocabularySize: 257, maximumModelLength: maximumModelLength,
            hasChatTemplate: false, blockSize: blockSize, blockCount: blockCount)
        var model = ServedModel(
            text: text, information: information, chatTemplate: nil,
            defaultSampling: SamplingParameters(), maximumLogprobCount: 20)
        model.prefixStore = store
        return EngineParts(
            model: model, scheduler: scheduler,
            executor: ShadowExecutor(
                blockCount: blockCount, blockSize: blockSize, controls: controls))
    }

    /// A started engine for the time that `body` runs.
    func withEngine<Result: Sendable>(
        _ body: (AsyncEngine) async throws -> Result
    ) async throws -> Result {
        let engine = make()
        try await engine.start()
        do {
            let result = try await body(engine)
            await engine.stop()
            return result
        } catch {
            await engine.stop()
            throw error
        }
    }
}

extension GenerationRequest {
    /// A request for `count` tokens after some text.
    static func text(_ text: String, count: Int) -> GenerationRequest {
        var sampling = SamplingParameters()
        sampling.temperature = 0
        sampling.maximumTokenCount = count
        return GenerationRequest(prompt: .text(text), sampling: sampling)
    }
}
