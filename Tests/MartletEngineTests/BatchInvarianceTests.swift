import MartletDemoModel
import MartletEngine
import MartletEngineTestSupport
import MartletSampling
import Testing

/// The promise that no setting and no neighbour changes a request's output, held to the bit on
/// the demo model.
@Suite(.serialized, .timeLimit(.minutes(5))) struct BatchInvarianceTests {
    /// One way to run the engine.
    struct Setting: CustomTestStringConvertible, Sendable {
        var caches = true
        var budget = 512
        var blockCount: Int?
        var threadCount: Int?

        var testDescription: String {
            "prefix cache \(caches), budget \(budget), blocks \(blockCount ?? 0), "
                + "threads \(threadCount ?? 0)"
        }

        /// Bytes of one block of the demo model: 6 layers, keys and values, 2 heads of 32, bf16.
        static let blockByteCount = 6 * 2 * 2 * 32 * 2 * 16

        var configuration: AsyncEngineConfiguration {
            var configuration = AsyncEngineConfiguration(model: DemoModel.directory)
            configuration.enablesPrefixCaching = caches
            configuration.maximumBatchedTokenCount = budget
            configuration.threadCount = threadCount
            if let blockCount {
                configuration.maximumModelLength = 16 * blockCount
                configuration.kvCacheMemoryByteCount = blockCount * Self.blockByteCount
            }
            return configuration
        }
    }

    /// 64 requests of every kind: greedy and sampled, short and long, with shared beginnings,
    /// penalties, stop strings and log probabilities.
    static let requests: [GenerationRequest] = (0..<64).map { index in
        var sampling = SamplingParameters()
        sampling.temperature = index % 3 == 0 ? 0 : 0.9
        sampling.seed = Int64(1000 + index)
        sampling.topK = index % 5 == 1 ? 20 : 0
        sampling.topP = index % 5 == 2 ? 0.8 : 1
        sampling.minP = index % 5 == 3 ? 0.02 : 0
        sampling.repetitionPenalty = index % 7 == 0 ? 1.2 : 1
        sampling.frequencyPenalty = index % 11 == 0 ? 0.5 : 0
        sampling.ignoresEndOfSequence = index % 2 == 0
        sampling.maximumTokenCount = 5 + (index * 37) % 190
        sampling.logprobCount = index % 4 == 0 ? 3 : nil
        sampling.promptLogprobCount = index % 16 == 5 ? 2 : nil
        sampling.stop = index % 13 == 0 ? [" the end"] : []
        let questions = [
            "What is the capital of France?", "17 + 25", "Tell me a story.",
            "Hello, how are you? Please tell me who you are and what you can do for me today.",
        ]
        let system = "You are a helpful assistant."
        let messages: [ChatMessage] =
            index % 2 == 0
            ? [.user(questions[index % 4])]
            : [.system(system), .user("Hello"), .assistant("Hi!"), .user(questions[index / 2 % 4])]
        return GenerationRequest(prompt: .chat(messages), sampling: sampling)
    }

    /// What each request gets when it has an engine for itself.
    static let alone = Task {
        try await AsyncEngine.withEngine(configuration: Setting(caches: false).configuration) {
            engine in
            var results: [GenerationResult] = []
            for request in requests {
                results.append(try await engine.generate(request).collect())
            }
            return results
        }
    }

    @Test(arguments: [
        Setting(), Setting(budget: 16), Setting(budget: 128), Setting(budget: 2048),
        Setting(caches: false, budget: 16), Setting(caches: false, budget: 2048),
        Setting(budget: 64, blockCount: 18), Setting(caches: false, blockCount: 18),
        Setting(threadCount: 1), Setting(budget: 100, threadCount: 3),
    ])
    func `64 requests at once get to the bit what each gets alone`(setting: Setting) async throws {
        let expected = try await Self.alone.value
        try await AsyncEngine.withEngine(configuration: setting.configuration) { engine in
            // Twice, so that the second round finds the first one's prefixes.
            for _ in 0..<2 {
                let results = try await withThrowingTaskGroup(of: (Int, GenerationResult).self) {
                    group in
                    for (index, request) in Self.requests.enumerated() {
                        group.addTask {
                            (index, try await engine.generate(request).collect())
                        }
                    }
                    return try await group.reduce(into: [Int: GenerationResult]()) {
                        $0[$1.0] = $1.1
                    }
                }
                for (index, alone) in expected.enumerated() {
                    expect(results[index], equals: alone, index)
                }
            }
            #expect(try await engine.settles())
            let statistics = engine.statistics
            if setting.blockCount != nil { #expect(statistics.preemptionCount > 0) }
            if setting.caches { #expect(statistics.prefixCacheHitCount > 0) }
        }
    }

    private func expect(_ found: GenerationResult?, equals alone: GenerationResult, _ index: Int) {
        let (one, other) = (found?.completions[0], alone.completions[0])
        #expect(one?.tokenIDs == other.tokenIDs, "request \(index)")
        #expect(one?.text == other.text, "request \(index)")
        #expect(one?.finishReason == other.finishReason, "request \(index)")
        #expect(one?.logprobs == other.logprobs, "request \(index)")
        #expect(found?.promptLogprobs == alone.promptLogprobs, "request \(index)")
    }
}
