import MartletEngine
import MartletEngineTestSupport
import Testing

@Suite(.timeLimit(.minutes(2))) struct AsyncEngineTests {
    @Test func `a request gets the tokens of its prompt and nothing else`() async throws {
        try await TestEngine().withEngine { engine in
            let result = try await engine.generate(.text("Hello", count: 12)).collect()
            let prompt = "Hello".utf8.map { Int32($0) }
            let expected = ShadowExecutor.continuation(of: prompt, count: 12)
            #expect(result.completions[0].tokenIDs == expected)
            #expect(result.text == String(decoding: expected.map(UInt8.init), as: UTF8.self))
            #expect(result.completions[0].finishReason == .length)
            #expect(try await engine.settles())
        }
    }

    @Test(arguments: [16, 60, 256], [true, false])
    func `many requests at once get what each gets alone`(
        blockCount: Int, caches: Bool
    ) async throws {
        let settings = TestEngine(blockCount: blockCount, enablesPrefixCaching: caches)
        try await settings.withEngine { engine in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        let prompt = "shared beginning \(index % 7)".prefix(3 + index % 19)
                        let count = 1 + index % 23
                        let result = try await engine.generate(.text(String(prompt), count: count))
                            .collect()
                        let tokens = prompt.utf8.map(Int32.init)
                        #expect(
                            result.completions[0].tokenIDs
                                == ShadowExecutor.continuation(of: tokens, count: count))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await engine.settles())
            let tokenCount = (0..<100).reduce(0) { $0 + 1 + $1 % 23 }
            #expect(engine.statistics.generationTokenCount == tokenCount)
        }
    }

    @Test func `a stop string ends the output where it begins`() async throws {
        try await TestEngine().withEngine { engine in
            let prompt = Array("Hi".utf8).map(Int32.init)
            let text = String(
                decoding: ShadowExecutor.continuation(of: prompt, count: 40).map(UInt8.init),
                as: UTF8.self)
            let stop = String(text.dropFirst(10).prefix(4))
            var request = GenerationRequest.text("Hi", count: 40)
            request.sampling.stop = ["never there", stop]
            let result = try await engine.generate(request).collect()
            let expected = text.prefix(upTo: try #require(text.firstRange(of: stop)).lowerBound)
            #expect(result.text == expected)
            #expect(result.completions[0].finishReason == .stop)
            #expect(result.completions[0].stopReason == .string(stop))
        }
    }

    @Test func `n completions arrive under their indices`() async throws {
        try await TestEngine().withEngine { engine in
            var request = GenerationRequest.text("Hi", count: 5)
            request.sampling.n = 3
            request.sampling.temperature = 1
            let result = try await engine.generate(request).collect()
            #expect(result.completions.map(\.index) == [0, 1, 2])
            #expect(result.completions.allSatisfy { $0.tokenIDs.count == 5 })
            #expect(engine.statistics.finishedCounts == [.length: 1])
        }
    }

    @Test func `a failed step fails its requests and the engine goes on`() async throws {
        let settings = TestEngine()
        settings.controls.change { $0.failingSteps = [2] }
        try await settings.withEngine { engine in
            let error = await #expect(throws: EngineError.self) {
                try await engine.generate(.text("Hello", count: 12)).collect()
            }
            #expect(error?.code == .stepFailed)
            #expect(try await engine.settles())
            let next = try await engine.generate(.text("Hello", count: 12)).collect()
            #expect(next.completions[0].tokenIDs.count == 12)
        }
    }

    @Test func `wrong requests are refused by name`() async throws {
        try await TestEngine().withEngine { engine in
            func refusal(_ change: (inout GenerationRequest) -> Void) async -> EngineError? {
                var request = GenerationRequest.text("Hello", count: 4)
                change(&request)
                let wrong = request
                return await #expect(throws: EngineError.self) { try await engine.generate(wrong) }
            }
            #expect(await refusal { $0.sampling.temperature = .nan }?.parameter == "temperature")
            #expect(await refusal { $0.sampling.topP = 0 }?.parameter == "top_p")
            #expect(await refusal { $0.sampling.n = 0 }?.parameter == "n")
            #expect(await refusal { $0.sampling.maximumTokenCount = -1 }?.parameter == "max_tokens")
            #expect(await refusal { $0.sampling.logitBias = [999: 1] }?.parameter == "logit_bias")
            #expect(await refusal { $0.sampling.logprobCount = 21 }?.parameter == "logprobs")
            #expect(await refusal { $0.prompt = "" }?.parameter == "prompt")
            #expect(await refusal { $0.prompt = .tokens([1, 999]) }?.code == .invalidRequest)
            #expect(await refusal { $0.prompt = .tokens([-1]) }?.code == .invalidRequest)
            let long = String(repeating: "x", count: 300)
            #expect(await refusal { $0.prompt = .text(long) }?.code == .promptTooLong)
            #expect(await refusal { $0.prompt = .chat([.user("x")]) }?.code == .chatTemplate)
            #expect(engine.openRequestCount == 0)
        }
    }
}
