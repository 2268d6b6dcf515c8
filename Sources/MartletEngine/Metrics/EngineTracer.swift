import NIOConcurrencyHelpers
public import Tracing

/// Makes a span of every request out of an engine's events: `llm_request`, from its arrival to its
/// end, with the attributes that vLLM's spans have.
///
/// Spans go to the tracer that the process has bootstrapped, or to one that is given:
///
/// ```swift
/// let engine = AsyncEngine(configuration: configuration, observers: [EngineTracer()])
/// ```
public final class EngineTracer: EngineObserver {
    private let tracer: any Tracer
    private let clock = TraceClock()
    private let requests = NIOLockedValueBox(RequestTimelines(countMax: 65_536))

    /// A tracer of requests.
    ///
    /// - Parameter tracer: Where the spans go.
    public init(tracer: any Tracer = InstrumentationSystem.tracer) {
        self.tracer = tracer
    }

    /// Notes what happened to requests, and makes spans of those that have ended.
    public func observe(_ events: [EngineEvent]) {
        for event in events {
            guard let request = requests.withLockedValue({ $0.note(event) }),
                case .finished(let outcome, _, let generationTokenCount) = event.kind
            else { continue }
            trace(request, event, outcome, generationTokenCount)
        }
    }

    private func trace(
        _ request: RequestTimeline, _ event: EngineEvent, _ outcome: RequestOutcome,
        _ generationTokenCount: Int
    ) {
        let span = tracer.startSpan(
            "llm_request", context: .topLevel, ofKind: .server, at: clock.time(of: request.arrival))
        span.attributes["gen_ai.request.id"] = event.requestID
        span.attributes["gen_ai.request.n"] = request.choiceCount
        span.attributes["gen_ai.request.max_tokens"] = request.maximumTokenCount
        span.attributes["gen_ai.usage.prompt_tokens"] = request.promptTokenCount
        span.attributes["gen_ai.usage.completion_tokens"] = generationTokenCount
        for (name, duration) in request.latencies(end: event.time) {
            span.attributes["gen_ai.latency.\(name)"] = duration.seconds
        }
        switch outcome {
        case .finished(let reason):
            span.attributes["gen_ai.response.finish_reason"] = reason.rawValue
        case .cancelled(let cause):
            span.setStatus(SpanStatus(code: .error, message: "cancelled: \(cause.rawValue)"))
        case .failed(let code): span.setStatus(SpanStatus(code: .error, message: "\(code)"))
        }
        span.end(at: clock.time(of: event.time))
    }
}

extension RequestTimeline {
    /// What the request spent its time with, as far as it got.
    fileprivate func latencies(end: Instant) -> [(name: String, duration: Duration)] {
        var result = [("e2e", end - arrival)]
        guard let firstStep else { return result }
        result.append(("time_in_queue", firstStep - admission))
        guard let firstToken, let lastToken else { return result }
        result += [
            ("time_to_first_token", firstToken - arrival),
            ("time_in_model_prefill", firstToken - firstStep),
            ("time_in_model_decode", lastToken - firstToken),
            ("time_in_model_inference", lastToken - firstStep),
        ]
        return result
    }
}

/// Tells the time of day of moments on the clock that events are timed with.
private struct TraceClock {
    struct Time: TracerInstant {
        let nanosecondsSinceEpoch: UInt64

        static func < (lhs: Time, rhs: Time) -> Bool {
            lhs.nanosecondsSinceEpoch < rhs.nanosecondsSinceEpoch
        }
    }

    private let origin = ContinuousClock.now
    private let time = DefaultTracerClock.now.nanosecondsSinceEpoch

    func time(of instant: ContinuousClock.Instant) -> Time {
        let passed = Int64((instant - origin).seconds * 1e9)
        return Time(nanosecondsSinceEpoch: UInt64(max(Int64(clamping: time) + passed, 0)))
    }
}
