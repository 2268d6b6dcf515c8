import MartletEngine
import Testing

@Suite(.timeLimit(.minutes(1))) struct AdmissionTests {
    private func configuration(
        concurrent: Int, queue: Int, tokens: Int? = nil
    ) -> AsyncEngineConfiguration {
        var configuration = AsyncEngineConfiguration(model: "test")
        configuration.maximumConcurrentRequestCount = concurrent
        configuration.maximumQueueSize = queue
        configuration.maximumQueuedTokenCount = tokens
        return configuration
    }

    @Test func `requests beyond the running and the waiting ones are refused`() async throws {
        let manual = ManualEngine(configuration: configuration(concurrent: 2, queue: 3))
        try await manual.engine.start()
        var streams: [GenerationStream] = []
        for _ in 0..<5 { streams.append(try await manual.engine.generate(.text("Hi", count: 4))) }
        #expect(manual.engine.isOverloaded)
        let refused = await #expect(throws: EngineError.self) {
            try await manual.engine.generate(.text("Hi", count: 4))
        }
        #expect(refused?.code == .overloaded)
        #expect(refused?.retryAfter == .seconds(1))
        #expect(manual.finish())
        #expect(!manual.engine.isOverloaded)
        for stream in streams { #expect(try await stream.collect().completions[0].text.count == 4) }
        await manual.stop()
    }

    @Test func `waiting prompt tokens are bounded, but one long prompt may come`() async throws {
        let manual = ManualEngine(
            configuration: configuration(concurrent: 8, queue: 8, tokens: 10))
        try await manual.engine.start()
        let long = try await manual.engine.generate(
            .text("a prompt of more than ten tokens", count: 1))
        let refused = await #expect(throws: EngineError.self) {
            try await manual.engine.generate(.text("short", count: 1))
        }
        #expect(refused?.code == .overloaded)
        manual.turn()
        _ = try await manual.engine.generate(.text("short", count: 1))
        #expect(manual.finish())
        _ = try await long.collect()
        await manual.stop()
    }

    @Test func `a ticket that is let go gives its place back`() async throws {
        let manual = ManualEngine(configuration: configuration(concurrent: 1, queue: 0))
        try await manual.engine.start()
        do {
            let ticket = try manual.engine.reserve()
            #expect(manual.engine.openRequestCount == 1)
            #expect(throws: EngineError.self) { try manual.engine.reserve() }
            withExtendedLifetime(ticket) {}
        }
        #expect(manual.engine.openRequestCount == 0)
        var request = GenerationRequest.text("Hi", count: 1)
        request.ticket = try manual.engine.reserve()
        let stream = try await manual.engine.generate(request)
        #expect(manual.engine.openRequestCount == 1)
        #expect(manual.finish())
        _ = try await stream.collect()
        await manual.stop()
    }

    @Test func `a request that is wrong gives its place back`() async throws {
        let manual = ManualEngine(configuration: configuration(concurrent: 1, queue: 0))
        try await manual.engine.start()
        for _ in 0..<3 {
            let error = await #expect(throws: EngineError.self) {
                try await manual.engine.generate(.text("", count: 1))
            }
            #expect(error?.code == .invalidRequest)
        }
        #expect(manual.engine.openRequestCount == 0)
        await manual.stop()
    }

    @Test func `refused clients are called back one after the other, at the rate of ends`()
        async throws
    {
        let manual = ManualEngine(configuration: configuration(concurrent: 1, queue: 1))
        try await manual.engine.start()
        // One request ends every two seconds.
        for _ in 0..<40 {
            let stream = try await manual.engine.generate(.text("Hi", count: 1))
            manual.clock.advance(by: .seconds(2))
            #expect(manual.finish())
            _ = try await stream.collect()
        }
        let open = [
            try await manual.engine.generate(.text("Hi", count: 1)),
            try await manual.engine.generate(.text("Hi", count: 1)),
        ]
        for turn in 1...5 {
            do {
                _ = try manual.engine.reserve()
                Issue.record("was admitted")
            } catch {
                let expected = Double(turn + 1) * 2
                let promised = try #require(error.retryAfter).seconds
                #expect(abs(promised - expected) < 0.2 * expected)
            }
        }
        #expect(manual.finish())
        for stream in open { _ = try await stream.collect() }
        await manual.stop()
    }

    @Test func `those who never come back do not keep others away`() async throws {
        let manual = ManualEngine(configuration: configuration(concurrent: 1, queue: 1))
        try await manual.engine.start()
        for round in 0..<3 {
            var open: [GenerationStream] = []
            for _ in 0..<2 { open.append(try await manual.engine.generate(.text("Hi", count: 4))) }
            var promises: [Double] = []
            for _ in 0..<50 {
                do {
                    _ = try manual.engine.reserve()
                } catch {
                    promises.append(try #require(error.retryAfter).seconds)
                }
            }
            #expect(promises.count == 50)
            // From the second round on the rate of ends is known: some seconds for each.
            if round > 0 { #expect(promises[0] < 20) }
            while manual.engine.openRequestCount > 0 {
                manual.clock.advance(by: .seconds(2))
                manual.turn()
            }
            for stream in open { _ = try await stream.collect() }
        }
        await manual.stop()
    }
}
