import InMemoryTracing
import MartletEngine
import Testing
import Tracing

@Suite struct EngineTracerTests {
    private let tracer = InMemoryTracer()
    private let start = ContinuousClock.now

    private func observe(_ kinds: [(Int, EngineEvent.Kind)]) {
        let observer = EngineTracer(tracer: tracer)
        for (milliseconds, kind) in kinds {
            observer.observe([
                EngineEvent(
                    kind, request: 7, requestID: "cmpl-7",
                    time: start + .milliseconds(milliseconds))
            ])
        }
    }

    private func number(_ name: String, of span: FinishedInMemorySpan) -> Double? {
        switch span.attributes[name]?.toSpanAttribute() {
        case .double(let value): value
        case .int64(let value): Double(value)
        case .int32(let value): Double(value)
        default: nil
        }
    }

    @Test func `a request is one span from its arrival to its end`() throws {
        observe([
            (10, .admitted(promptTokenCount: 5, maximumTokenCount: 3, arrival: start)),
            (20, .scheduled(cachedTokenCount: 0)), (50, .firstToken), (60, .tokens(count: 1)),
            (90, .tokens(count: 1)),
            (100, .finished(.finished(.length), promptTokenCount: 5, generationTokenCount: 3)),
        ])
        let span = try #require(tracer.finishedSpans.first)
        #expect(tracer.finishedSpans.count == 1)
        #expect(span.operationName == "llm_request" && span.kind == .server)
        #expect(
            span.endInstant.nanosecondsSinceEpoch - span.startInstant.nanosecondsSinceEpoch
                == 100_000_000)
        let expected = [
            "request.n": 1, "request.max_tokens": 3, "usage.prompt_tokens": 5,
            "usage.completion_tokens": 3, "latency.e2e": 0.1, "latency.time_in_queue": 0.01,
            "latency.time_to_first_token": 0.05, "latency.time_in_model_prefill": 0.03,
            "latency.time_in_model_decode": 0.04, "latency.time_in_model_inference": 0.07,
        ]
        for (name, value) in expected {
            let found = try #require(number("gen_ai.\(name)", of: span), "\(name)")
            #expect(abs(found - value) < 1e-9, "\(name)")
        }
        #expect(span.status == nil)
    }

    @Test func `one that ends early says why, and how far it got`() throws {
        observe([
            (0, .admitted(promptTokenCount: 5, maximumTokenCount: nil)),
            (30, .finished(.cancelled(.disconnect), promptTokenCount: 5, generationTokenCount: 0)),
        ])
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.status?.code == .error)
        #expect(span.status?.message == "cancelled: disconnect")
        let latency = try #require(number("gen_ai.latency.e2e", of: span))
        #expect(abs(latency - 0.03) < 1e-9)
        #expect(number("gen_ai.latency.time_in_queue", of: span) == nil)
        #expect(number("gen_ai.request.max_tokens", of: span) == nil)
    }
}
