import Logging
import MartletEngine
import MartletJSON
import MartletScheduling
import MartletTokenizer

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

    /// A tokenizer of single bytes: the token of a byte is its value.
    static func byteTokenizer() throws -> Tokenizer {
        var vocabulary = JSONWriter()
        for byte in 0..<256 {
            vocabulary.raw(byte == 0 ? "{" : ",")
            vocabulary.string(String(character(of: byte)))
            vocabulary.raw(":\(byte)")
        }
        vocabulary.raw(#","<end>":256}"#)
        let document: JSONValue = [
            "model": [
                "type": "BPE", "vocab": try JSONValue(parsing: vocabulary.bytes), "merges": [],
            ],
            "pre_tokenizer": ["type": "ByteLevel", "add_prefix_space": false, "use_regex": false],
            "decoder": ["type": "ByteLevel"],
            "added_tokens": [["id": 256, "content": "<end>", "special": true]],
        ]
        return try Tokenizer(tokenizerJSON: document, configuration: nil, file: "test")
    }

    /// GPT-2's spelling of a byte as a printable character.
    private static func character(of byte: Int) -> Unicode.Scalar {
        let printable = Array(33...126) + Array(161...172) + Array(174...255)
        if printable.contains(byte) { return Unicode.Scalar(UInt8(byte)) }
        let rank = (0..<byte).filter { !printable.contains($0) }.count
        return Unicode.Scalar(UInt32(256 + rank)) ?? "?"
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
            tokenizer: try Self.byteTokenizer(), endOfSequenceIDs: [256], vocabularySize: 257,
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

extension AsyncEngine {
    /// Waits until nothing runs or waits any more and every block is free.
    func settles(within timeout: Duration = .seconds(10)) async throws -> Bool {
        let end = ContinuousClock.now + timeout
        while ContinuousClock.now < end {
            let now = statistics
            let isQuiet = now.runningCount == 0 && now.waitingCount == 0
            if openRequestCount == 0, isQuiet, now.freeBlockCount == now.blockCount { return true }
            try await Task.sleep(for: .milliseconds(2))
        }
        return false
    }
}
